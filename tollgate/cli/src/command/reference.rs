//! `tollgate reference`: all commands as Markdown, for `docs/reference/cli.md`.

use std::fmt::Write as _;

use clap::{Arg, Command, CommandFactory as _};

use super::EXIT_CODES;
use crate::exit::Exit;
use crate::output::{Failure, print};

pub(crate) fn run() -> Result<Exit, Failure> {
    let mut program = super::Arguments::command();
    program.build();
    let mut text = String::from("# The command line\n\nMade by `tollgate reference`; do not edit.\n");
    write_command(&mut text, &program);
    let _ = write!(text, "\n```\n{EXIT_CODES}\n```\n");
    print(&text)?;
    Ok(Exit::Allow)
}

fn write_command(text: &mut String, command: &Command) {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let _ = write!(text, "\n## `{name}`\n\n{about}.\n\n```\n{usage}\n```\n");
    let arguments: Vec<&Arg> =
        command.get_arguments().filter(|argument| is_told(command, argument)).collect();
    if !arguments.is_empty() {
        text.push_str("\n| argument | |\n|---|---|\n");
    }
    for argument in arguments {
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(text, "| `{}` | {} |", written(argument), help.replace('|', "\\|"));
    }
    for command in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        write_command(text, command);
    }
}

/// What every command takes is told once, with the program.
fn is_told(command: &Command, argument: &Arg) -> bool {
    let is_program = command.get_name() == "tollgate";
    let known = ["help", "version"].contains(&argument.get_id().as_str());
    !argument.is_hide_set() && !known && (is_program || !argument.is_global_set())
}

fn written(argument: &Arg) -> String {
    let long = argument.get_long().map(|long| format!("--{long}"));
    let short = argument.get_short().map(|short| format!("-{short}"));
    let flags: Vec<String> = short.into_iter().chain(long).collect();
    let takes = argument.get_action().takes_values();
    let names: Vec<&str> =
        argument.get_value_names().unwrap_or_default().iter().map(|name| name.as_str()).collect();
    match (flags.is_empty(), takes) {
        (true, _) => names.join(" "),
        (false, true) => format!("{} {}", flags.join(", "), names.join(" ")),
        (false, false) => flags.join(", "),
    }
}
