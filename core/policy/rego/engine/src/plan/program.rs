//! A whole program: documents, the rules that make them, and what they share.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_rego_builtin::{Pool, Regex};
use tollgate_rego_resolve::tree::{Collection, Leaf, Path, Program as Resolved, Rule};
use tollgate_rego_resolve::{Documents, Problem};
use tollgate_rego_syntax::tree::Span;

use super::block::Blocks;
use super::body::Planner;
use super::matcher::Matcher;
use super::sight::{Condition, Head, Sight};
use super::step::{Block, Operand, Step};
use crate::constant::Constant;
use crate::lower::atom::{Role, Shape, Slot};
use crate::lower::{self, Lowered};

/// Compiled rules.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// the virtual documents
    pub(crate) documents: Vec<Document>,
    /// where they stand below `data`
    pub(crate) root: Node,
    /// where the definition of each rule stands: a document, and the definition in it
    pub(crate) definitions: BTreeMap<usize, (usize, usize)>,
    /// values that stand in the rules
    pub(crate) constants: Vec<Constant>,
    /// regular expressions that stand in the rules
    pub(crate) patterns: Vec<Matcher>,
    /// all patterns that stand in the rules, for the builtins
    pub(crate) pool: Pool,
    /// the conditions, by the number in their mark
    pub(crate) marks: Vec<Mark>,
    /// what each mark begins, for whoever watches
    pub(crate) sights: Vec<Sight>,
    /// the conditions of all rules
    pub(crate) conditions: Vec<Condition>,
    /// the heads of all branches of rules
    pub(crate) heads: Vec<Head>,
    /// the numbers of constants and of patterns, while it is made
    numbers: Numbers,
}

/// Where equal constants and patterns stand.
#[derive(Debug, Default)]
struct Numbers {
    constants: BTreeMap<Constant, u32>,
    patterns: BTreeMap<Arc<str>, u32>,
}

/// A condition and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) file: usize,
    pub(crate) span: Span,
    /// its number among the rule's conditions
    pub(crate) condition: Option<u32>,
    /// what it is for
    pub(crate) role: Role,
}

/// What stands below a path of `data`.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) document: Option<usize>,
    pub(crate) below: BTreeMap<Arc<str>, Node>,
}

/// All rules of one path.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) path: Path,
    pub(crate) kind: Kind,
    pub(crate) definitions: Vec<Definition>,
    pub(crate) default: Option<Definition>,
    /// all definitions give the same constant: the first solution is as good as all
    pub(crate) decided: bool,
    /// documents stand below it too, and are merged into it
    pub(crate) merged: bool,
}

/// What the rules of a document make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Complete,
    Function,
    Set,
    Object,
}

/// One rule.
#[derive(Debug)]
pub(crate) struct Definition {
    /// index among the resolved rules
    pub(crate) rule: usize,
    /// index of its file
    pub(crate) file: usize,
    /// its head
    pub(crate) span: Span,
    pub(crate) arguments: Box<[Slot]>,
    pub(crate) branches: Vec<Branch>,
    pub(crate) slots: usize,
    /// whether what it gives are members, not values
    pub(crate) is_set: bool,
    /// whether its name goes on behind the document's
    pub(crate) is_keyed: bool,
}

/// A body of a rule.
#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) block: Block,
    /// its head, by its number in the plan
    pub(crate) head: u32,
}

/// A query.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) definition: Definition,
    /// what it binds, in the order of the items of each of its solutions
    pub(crate) names: Vec<Arc<str>>,
}

impl Plan {
    /// Compiles all rules.
    pub(crate) fn of(resolved: &Resolved, problems: &mut Vec<Problem>) -> Self {
        let lowered: Vec<Lowered> = resolved.rules.iter().map(|rule| lower::lower(rule, problems)).collect();
        let mut plan = Self::default();
        if !problems.is_empty() {
            return plan;
        }
        let tree = Documents::of(&resolved.rules);
        plan.root = plan.place(&tree, &mut Vec::new(), &resolved.rules);
        for package in &resolved.packages {
            package.iter().fold(&mut plan.root, |node, step| node.below.entry(step.clone()).or_default());
        }
        for (at, (rule, lowered)) in resolved.rules.iter().zip(&lowered).enumerate() {
            let Some(number) = plan.root.at(&rule.path) else { continue };
            let definition = plan.definition(at, rule, lowered, problems);
            if let Some(document) = plan.documents.get_mut(number) {
                if rule.default {
                    document.default = Some(definition);
                } else {
                    plan.definitions.insert(at, (number, document.definitions.len()));
                    document.definitions.push(definition);
                }
            }
        }
        for document in &mut plan.documents {
            document.decided = decided(document, resolved, &lowered);
        }
        plan
    }

    /// The documents below `tree`, without their definitions yet.
    fn place(&mut self, tree: &Documents, path: &mut Vec<Arc<str>>, rules: &[Rule]) -> Node {
        let mut node = Node::default();
        if let Some(first) = tree.rules.first().and_then(|at| rules.get(*at)) {
            let any_keys =
                tree.rules.iter().filter_map(|at| rules.get(*at)).any(|rule| !rule.keys.is_empty());
            let kind = match (&first.arguments, &first.leaf) {
                (Some(_), _) => Kind::Function,
                _ if any_keys => Kind::Object,
                (None, Leaf::Member(_)) => Kind::Set,
                (None, Leaf::Value(_)) => Kind::Complete,
            };
            node.document = Some(self.documents.len());
            self.documents.push(Document {
                path: path.as_slice().into(),
                kind,
                definitions: Vec::new(),
                default: None,
                decided: false,
                merged: !tree.below.is_empty(),
            });
        }
        for (name, below) in &tree.below {
            path.push(name.clone());
            let below = self.place(below, path, rules);
            path.pop();
            node.below.insert(name.clone(), below);
        }
        node
    }

    fn definition(
        &mut self,
        at: usize,
        rule: &Rule,
        lowered: &Lowered,
        problems: &mut Vec<Problem>,
    ) -> Definition {
        let keyed = !rule.keys.is_empty();
        let number = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        let first_condition = number(self.conditions.len());
        self.conditions.extend(lowered.conditions.iter().map(|condition| Condition {
            file: rule.file,
            span: condition.span,
            rule: at,
            binds: condition.role == Role::Binds,
        }));
        let mut slots = lowered.slots;
        let mut branches = Vec::new();
        for branch in &lowered.branches {
            let head = number(self.heads.len());
            self.heads.push(Head { file: rule.file, span: branch.head, rule: at });
            let mut planner = Planner::new(self, rule.file, lowered, (slots, first_condition), problems);
            lowered.arguments.iter().for_each(|slot| planner.bound.add(*slot));
            let mut blocks = Blocks::default();
            planner.atoms(&branch.atoms, &mut blocks);
            let leaf = planner.operand(&branch.leaf, &mut blocks);
            let last = if keyed {
                let keys = planner.operand(&Shape::Array(branch.keys.clone()), &mut blocks);
                Step::AddEntry(keys, leaf)
            } else if lowered.is_set {
                Step::Add(leaf)
            } else {
                Step::Return(leaf)
            };
            slots = planner.slots;
            blocks.push(last);
            branches.push(Branch { block: blocks.finish(), head });
        }
        Definition {
            rule: at,
            file: rule.file,
            span: rule.head_span,
            arguments: lowered.arguments.as_slice().into(),
            branches,
            slots: slots as usize,
            is_set: lowered.is_set,
            is_keyed: keyed,
        }
    }

    /// Compiles a query against the program.
    pub(crate) fn query(&mut self, rule: &Rule, problems: &mut Vec<Problem>) -> Query {
        let (lowered, names) = lower::lower_query(rule, problems);
        let mut definition = Definition {
            rule: usize::MAX,
            file: usize::MAX,
            span: Span::default(),
            arguments: Box::default(),
            branches: Vec::new(),
            slots: 0,
            is_set: true,
            is_keyed: false,
        };
        if problems.is_empty() {
            definition = self.definition(usize::MAX, rule, &Lowered { is_set: true, ..lowered }, problems);
        }
        Query { definition, names }
    }

    /// The number of a constant; equal ones share it.
    pub(crate) fn constant(&mut self, constant: &Constant) -> u32 {
        if let Some(at) = self.numbers.constants.get(constant) {
            return *at;
        }
        let at = u32::try_from(self.constants.len()).unwrap_or(u32::MAX);
        self.constants.push(constant.clone());
        self.numbers.constants.insert(constant.clone(), at);
        at
    }

    /// The number of a regular expression; equal ones share it.
    pub(crate) fn pattern(&mut self, pattern: Arc<Regex>) -> u32 {
        if let Some(at) = self.numbers.patterns.get(pattern.as_str()) {
            return *at;
        }
        let at = u32::try_from(self.patterns.len()).unwrap_or(u32::MAX);
        self.numbers.patterns.insert(pattern.as_str().into(), at);
        self.patterns.push(Matcher::of(pattern));
        at
    }

    pub(crate) fn mark(&mut self, mark: Mark, sight: Sight) -> u32 {
        self.marks.push(mark);
        self.sights.push(sight);
        u32::try_from(self.marks.len() - 1).unwrap_or(u32::MAX)
    }
}

impl Node {
    /// The document at a path.
    pub(crate) fn at(&self, path: &[Arc<str>]) -> Option<usize> {
        path.iter().try_fold(self, |node, step| node.below.get(step))?.document
    }
}

/// Whether the first solution decides the document's value.
fn decided(document: &Document, resolved: &Resolved, lowered: &[Lowered]) -> bool {
    let mut leaves = document.definitions.iter().flat_map(|definition| {
        let lowered = lowered.get(definition.rule);
        lowered.into_iter().flat_map(|lowered| &lowered.branches).map(|branch| &branch.leaf)
    });
    let Some(first @ Shape::Constant(_)) = leaves.next() else { return false };
    let _ = resolved;
    leaves.all(|leaf| leaf == first)
}

/// What a comprehension adds for each of its solutions.
pub(super) fn adding(kind: Collection, key: Option<Operand>, value: Operand) -> Step {
    match (kind, key) {
        (Collection::Object, Some(key)) => Step::AddEntry(key, value),
        _ => Step::Add(value),
    }
}
