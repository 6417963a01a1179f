//! `cargo run -p tollgate-rego --example eval -- QUERY INPUT.json FILE.rego...`: the solutions of a query, for looking.
#![expect(clippy::disallowed_methods, reason = "an example reads its arguments and files")]

use tollgate_rego::{File, Settings, compile};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [query, input, files @ ..] = arguments.as_slice() else { panic!("QUERY INPUT.json FILE.rego...") };
    let files: Vec<File> = files
        .iter()
        .map(|path| File {
            path: path.as_str().into(),
            text: std::fs::read_to_string(path).expect("the file is read").into(),
            dialect: None,
        })
        .collect();
    let input = std::fs::read(input)
        .ok()
        .and_then(|bytes| tollgate_manifest::json::read(&bytes, &Default::default()).ok());
    match compile(&files, tollgate_vocabulary::Value::Object(Default::default()), &[query]) {
        Err(problems) => problems.iter().for_each(|problem| println!("{problem}")),
        Ok(program) => println!("{:#?}", program.run(0, input.as_ref(), &Settings::default())),
    }
}
