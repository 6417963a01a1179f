use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use tempfile::TempDir;

use super::*;

/// A folder with these files; a path that ends in `/` is a folder.
fn tree(files: &[&str]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for file in files {
        let path = dir.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if file.ends_with('/') {
            fs::create_dir_all(path).unwrap();
        } else {
            fs::write(path, "kind: X\n").unwrap();
        }
    }
    dir
}

fn below(dir: &TempDir, options: &WalkOptions) -> Result<Vec<String>, WalkError> {
    walk(&[dir.path()], options).map(|walk| names(dir, &walk))
}

fn names(dir: &TempDir, walk: &Walk) -> Vec<String> {
    let strip = |found: &Found| found.path.strip_prefix(dir.path()).unwrap().display().to_string();
    walk.found.iter().map(strip).collect()
}

fn in_estate(dir: &TempDir) -> WalkOptions {
    WalkOptions { estate: Some(dir.path().to_path_buf()), ..WalkOptions::default() }
}

#[test]
fn files_come_sorted_by_the_bytes_of_their_paths() {
    let dir = tree(&["b.yaml", "a/z.yml", "a-b.json", "a.txt", "B.yaml", "c.YAML", "a/y.json"]);
    let found = below(&dir, &WalkOptions::default()).unwrap();
    assert_eq!(
        found,
        ["B.yaml", "a-b.json", "a/y.json", "a/z.yml", "b.yaml"],
        "`-` before `/`, case as written"
    );
}

#[test]
fn dot_entries_are_passed_over() {
    let dir = tree(&[".git/x.yaml", ".hidden.yaml", "..data/x.yaml", "seen.yaml"]);
    assert_eq!(below(&dir, &WalkOptions::default()).unwrap(), ["seen.yaml"]);
}

#[test]
fn a_dot_folder_that_is_named_is_walked() {
    let dir = tree(&[".github/x.yaml"]);
    let walk = walk(&[dir.path().join(".github")], &WalkOptions::default()).unwrap();
    assert_eq!(names(&dir, &walk), [".github/x.yaml"]);
}

#[test]
fn an_empty_folder_holds_nothing() {
    assert_eq!(walk(&[tree(&[]).path()], &WalkOptions::default()).unwrap(), Walk::default());
}

#[test]
fn a_named_file_is_found_whatever_it_is_called_and_once() {
    let dir = tree(&["Pod", "a.yaml"]);
    let paths = [dir.path().to_path_buf(), dir.path().join("Pod"), dir.path().join("./a.yaml")];
    let walk = walk(&paths, &WalkOptions::default()).unwrap();
    assert_eq!(names(&dir, &walk), ["Pod", "a.yaml"]);
    assert!(walk.found.iter().all(|found| found.named));
}

#[test]
fn what_is_shown_is_what_was_named_without_dots() {
    assert_eq!(&*shown(Path::new("./a//b/./c.yaml")), "a/b/c.yaml");
    assert_eq!(&*shown(Path::new("../a/b.yaml")), "../a/b.yaml");
    assert_eq!(&*shown(Path::new("/a/b.yaml")), "/a/b.yaml");
    assert_eq!(&*shown(Path::new(".")), ".");
}

#[test]
fn a_path_that_does_not_exist_is_named() {
    let error = walk(&["/no/such/estate"], &WalkOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "`/no/such/estate` does not exist");
}

#[test]
fn rules_are_passed_over_and_said_so_only_where_named() {
    let dir = tree(&["policy/data.yaml", "policy/deep/x.yaml", "a.yaml"]);
    let options = WalkOptions { exclude: vec![dir.path().join("policy")], ..in_estate(&dir) };
    let quiet = walk(&[dir.path()], &options).unwrap();
    assert_eq!((names(&dir, &quiet), quiet.skipped), (vec!["a.yaml".to_owned()], vec![]));
    let named = walk(&[dir.path().join("policy/deep")], &options).unwrap();
    assert_eq!((named.found.len(), &*named.skipped[0].reason), (0, "holds rules, not manifests"));
}

#[test]
fn what_is_ignored_is_listed_with_its_reason_named_or_not() {
    let dir = tree(&["chart/values.yaml", "chart/x.yaml", "legacy/a.yaml"]);
    let ignored = |path: &str| Ignored { path: dir.path().join(path), reason: "rendered in CI".into() };
    let options =
        WalkOptions { ignore: vec![ignored("chart/values.yaml"), ignored("legacy")], ..in_estate(&dir) };
    let all = walk(&[dir.path()], &options).unwrap();
    assert_eq!(names(&dir, &all), ["chart/x.yaml"]);
    assert_eq!(all.skipped.len(), 2);
    assert!(all.skipped.iter().all(|skipped| &*skipped.reason == "rendered in CI"));
    let named = walk(&[dir.path().join("legacy/a.yaml")], &options).unwrap();
    assert_eq!((named.found.len(), named.skipped.len()), (0, 1));
}

#[test]
fn an_ignored_link_is_no_error() {
    let dir = tree(&["a/"]);
    symlink("/etc", dir.path().join("a/etc")).unwrap();
    let ignored = Ignored { path: dir.path().join("a/etc"), reason: "theirs".into() };
    let options = WalkOptions { ignore: vec![ignored], ..in_estate(&dir) };
    assert_eq!(walk(&[dir.path()], &options).unwrap().skipped.len(), 1);
}

#[test]
fn folders_of_a_renderer_are_listed_and_not_entered() {
    let dir =
        tree(&["k/kustomization.yaml", "k/base/a.yaml", "h/Chart.yaml", "h/templates/d.yaml", "a.yaml"]);
    let walk = walk(&[dir.path()], &WalkOptions::default()).unwrap();
    assert_eq!(names(&dir, &walk), ["a.yaml"]);
    let what: Vec<_> = walk.unrendered.iter().map(|unrendered| unrendered.what).collect();
    assert_eq!(what, [Renderer::Helm, Renderer::Kustomize]);
    let named = super::walk(&[dir.path().join("k")], &WalkOptions::default()).unwrap();
    assert_eq!((named.found.len(), named.unrendered.len()), (0, 1));
}

#[test]
fn links_are_followed_below_the_root() {
    let dir = tree(&["real/a.yaml", "links/"]);
    symlink("../real/a.yaml", dir.path().join("links/file.yaml")).unwrap();
    symlink("../real", dir.path().join("links/folder")).unwrap();
    let found = below(&dir, &in_estate(&dir)).unwrap();
    assert_eq!(found, ["links/file.yaml", "links/folder/a.yaml", "real/a.yaml"]);
    let walk = walk(&[dir.path().join("links")], &in_estate(&dir)).unwrap();
    assert_eq!(walk.found.len(), 2, "the estate is the bound, not the folder that is named");
}

#[test]
fn a_link_loop_is_named_and_ends() {
    for target in [".", "..", "../.."] {
        let dir = tree(&["a/b/x.yaml"]);
        symlink(target, dir.path().join("a/b/again")).unwrap();
        let error = below(&dir, &WalkOptions::default()).unwrap_err();
        assert!(matches!(&error, WalkError::Loop { shown, .. } if shown.ends_with("a/b/again")), "{error}");
    }
}

#[test]
fn links_to_one_another_are_a_loop() {
    let dir = tree(&["a/", "b/"]);
    symlink("../b", dir.path().join("a/to-b")).unwrap();
    symlink("../a", dir.path().join("b/to-a")).unwrap();
    assert!(matches!(below(&dir, &WalkOptions::default()), Err(WalkError::Loop { .. })));
    let own = tree(&[]);
    symlink("self.yaml", own.path().join("self.yaml")).unwrap();
    assert!(below(&own, &WalkOptions::default()).is_err(), "a link to itself");
}

#[test]
fn a_link_out_of_the_root_is_named() {
    let dir = tree(&["a/"]);
    symlink("/etc/passwd", dir.path().join("a/x.yaml")).unwrap();
    let error = below(&dir, &WalkOptions::default()).unwrap_err();
    assert!(error.to_string().contains("a/x.yaml` leads out of"), "{error}");
}

#[test]
fn a_link_to_nothing_is_an_error_only_where_a_manifest_should_be() {
    let dir = tree(&["a.yaml"]);
    symlink("gone", dir.path().join("note")).unwrap();
    let walk = walk(&[dir.path()], &WalkOptions::default()).unwrap();
    assert_eq!((walk.found.len(), walk.skipped.len()), (1, 1));
    symlink("gone", dir.path().join("b.yaml")).unwrap();
    assert!(matches!(below(&dir, &WalkOptions::default()), Err(WalkError::Dangling(_))));
}

#[test]
fn a_second_estate_below_the_root_is_refused() {
    let dir = tree(&["tollgate.toml", "team/tollgate.toml", "team/a.yaml"]);
    let error = below(&dir, &in_estate(&dir)).unwrap_err();
    assert!(error.to_string().contains("team/tollgate.toml` lies below the estate's root"), "{error}");
    assert_eq!(
        below(&dir, &WalkOptions::default()).unwrap(),
        ["team/a.yaml"],
        "without an estate there is no second"
    );
}

#[test]
fn depth_and_number_are_bounded() {
    let deep = tree(&["1/2/3/4/a.yaml"]);
    let options = WalkOptions { max_depth: 4, ..WalkOptions::default() };
    assert!(matches!(below(&deep, &options), Err(WalkError::TooDeep { limit: 4, .. })));
    let many = tree(&["a.yaml", "b.yaml", "c.yaml"]);
    let options = WalkOptions { max_files: 2, ..WalkOptions::default() };
    assert!(matches!(below(&many, &options), Err(WalkError::TooMany { limit: 2, .. })));
}

#[test]
fn links_that_double_at_each_level_end_at_the_limit() {
    let dir = tree(&["0/"]);
    for level in 1..24 {
        let folder = dir.path().join(level.to_string());
        fs::create_dir(&folder).unwrap();
        for link in ["l", "r"] {
            symlink(format!("../{}", level - 1), folder.join(link)).unwrap();
        }
    }
    let options = WalkOptions { max_files: 5000, ..WalkOptions::default() };
    assert!(matches!(below(&dir, &options), Err(WalkError::TooMany { .. })));
}
