//! `tollgate man`: man pages, one for the program and one for each command.

use std::path::PathBuf;

use clap::CommandFactory as _;

use crate::exit::Exit;
use crate::output::{Failure, print, write_file};

/// Arguments of `man`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Folder to write all pages to; without it, the program's own page goes to standard output
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut program = super::Arguments::command();
    program.build();
    let Some(dir) = &arguments.dir else {
        print(&String::from_utf8_lossy(&page(program)?))?;
        return Ok(Exit::Allow);
    };
    std::fs::create_dir_all(dir).map_err(|error| format!("`{}` cannot be made: {error}", dir.display()))?;
    let mut open = vec![program];
    while let Some(command) = open.pop() {
        open.extend(command.get_subcommands().filter(|command| !command.is_hide_set()).cloned());
        let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
        write_file(&dir.join(format!("{name}.1")), &page(command)?)?;
    }
    Ok(Exit::Allow)
}

fn page(command: clap::Command) -> Result<Vec<u8>, Failure> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text)?;
    Ok(text)
}
