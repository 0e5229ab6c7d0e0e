//! The laws of the house (ARCHITECTURE.md) that a machine can check. Each test is one law, and
//! names every place that breaks it.
//!
//! Panics, indexing and overflowing arithmetic are lints of the library (`src/lib.rs`); that each
//! feature builds alone is checked by `npm test`.

#[path = "tidy/layers.rs"]
mod layers;
#[path = "tidy/tree.rs"]
mod tree;

use layers::LAYERS;
use promo_edge::reason::{Malformed, Reason, Refusal, Rejection};
use promo_edge::snapshot::FORMAT_VERSION;
use tree::{File, files, sources};

/// Where the platform's objects may be named.
const ADAPTERS: [&str; 8] = [
    "src/platform/",
    "src/browser.rs",
    "src/desk.rs",
    "src/public_codes.rs",
    "src/validator.rs",
    "src/edge/",
    "src/admin/",
    "src/bin/",
];

/// Everything that JSON may be named in.
const RIM: [&str; 14] = [
    "src/audit.rs",
    "src/audit/",
    "src/catalog.rs",
    "src/catalog/",
    "src/function.rs",
    "src/function/",
    "src/import.rs",
    "src/import/",
    "src/token.rs",
    "src/upload.rs",
    "src/upload/",
    "src/webhook.rs",
    "src/wire.rs",
    "src/wire/",
];

#[test]
fn the_core_asks_nothing() {
    let asking = ["SystemTime", "Instant", "async", "await", "rand", "getrandom", "f32", "f64"];
    let core = sources().into_iter().filter(|file| !file.is_in(&ADAPTERS));
    obeyed("time, chance and state are arguments, and money is no float", &words(core, &asking));
}

#[test]
fn the_platform_stays_outside() {
    let platform = ["wasm_bindgen", "js_sys", "web_sys", "worker"];
    let inner = sources().into_iter().filter(|file| !file.is_in(&ADAPTERS));
    let law = "only the adapters and platform.rs name the JavaScript platform";
    obeyed(law, &words(inner, &platform));
}

#[test]
fn files_and_environment_stay_in_the_command() {
    let not_bin = sources().into_iter().filter(|file| !file.is_in(&["src/bin/"]));
    let system = ["std::fs", "std::env", "std::process", "std::net", "std::thread"];
    obeyed("only src/bin/ touches files, environment and processes", &words(not_bin, &system));
}

#[test]
fn serde_stays_in_the_rim() {
    let outside = |file: &File| !file.is_in(&RIM) && !file.is_in(&ADAPTERS);
    let json = ["serde", "serde_json", "Serialize", "Deserialize", "schemars", "JsonSchema"];
    let law = "domain types are not promises: only the rim and the adapters know JSON";
    obeyed(law, &words(sources().into_iter().filter(outside), &json));
}

#[test]
fn nothing_is_unsafe() {
    obeyed("no hand-written unsafe", &words(sources(), &["unsafe"]));
}

#[test]
fn only_the_layout_turns_bytes_into_integers() {
    let order = ["from_le_bytes", "to_le_bytes", "from_be_bytes", "to_be_bytes", "from_ne_bytes"];
    let others = sources().into_iter().filter(|file| file.path != "src/snapshot/layout.rs");
    obeyed("only src/snapshot/layout.rs knows the order of bytes", &words(others, &order));
}

#[test]
fn only_the_bindings_spell_a_binding() {
    let mut broken = Vec::new();
    for name in binding_names() {
        let spelling = [
            "src/edge/bindings.rs",
            "src/edge/settings.rs",
            "src/admin/bindings.rs",
            "src/admin/settings.rs",
        ];
        for file in sources().iter().filter(|file| !spelling.contains(&&*file.path)) {
            broken.extend(places(file, &format!("\"{name}\"")));
        }
    }
    obeyed("only bindings.rs and settings.rs spell what a wrangler file names", &broken);
}

#[test]
fn one_module_names_the_regex_engine() {
    let engine = ["regex_automata", "regex_syntax"];
    let module = ["src/snapshot/automaton.rs", "src/snapshot/automaton/"];
    let others = sources().into_iter().filter(|file| !file.is_in(&module));
    obeyed("only src/snapshot/automaton names the regex engine", &words(others, &engine));
}

#[test]
fn imports_go_downward() {
    let layer_of = |module: &str| LAYERS.iter().position(|(_, names)| names.contains(&module));
    let mut broken = Vec::new();
    for file in sources().iter().filter(|file| file.path != "src/lib.rs") {
        let own = module_of(file);
        let Some(layer) = layer_of(own) else {
            broken.push(format!("{}: give the module {own} a layer here", file.path));
            continue;
        };
        let (layer_name, _) = LAYERS[layer];
        for (line, module) in imported_modules(file) {
            let Some(other) = layer_of(&module) else { continue };
            if other > layer || (layer_name == "adapters" && other == layer && module != own) {
                broken.push(format!("{}:{line}: {own} ({layer_name}) uses {module}", file.path));
            }
        }
    }
    obeyed(
        "imports go vocabulary <- snapshot <- questions <- rim <- platform <- adapters",
        &broken,
    );
}

#[test]
fn modules_are_named_after_what_they_hold() {
    let vague =
        ["core", "worker", "utils", "util", "types", "models", "manager", "service", "helper"];
    let is_vague = |file: &&File| {
        let parts = file.path.trim_end_matches(".rs").split('/');
        parts
            .into_iter()
            .any(|part| vague.contains(&part) || vague.contains(&part.trim_end_matches('s')))
    };
    let broken: Vec<String> =
        sources().iter().filter(is_vague).map(|file| file.path.clone()).collect();
    let law = "no module is called core, worker, utils, types, models, manager, service, helper";
    obeyed(law, &broken);
}

#[test]
fn files_functions_and_lines_are_short() {
    let (file_lines, function_lines, columns) = (400, 70, 100);
    let mut broken = Vec::new();
    for file in files().iter().filter(|file| file.has_extension(&[".rs", ".js", ".mjs", ".ts"])) {
        let before_tests = file.text.lines().take_while(|line| *line != "#[cfg(test)]").count();
        if before_tests > file_lines && !file.path.ends_with("/tests.rs") {
            broken.push(format!("{}: {before_tests} lines", file.path));
        }
        // A translated sentence is one string, however long.
        let is_translation = file.path.contains("/locales/") || file.path.contains("/texts/");
        for (index, line) in file.text.lines().enumerate() {
            let width = line.chars().count();
            if width > columns && !is_translation {
                broken.push(format!("{}:{}: {width} columns", file.path, index + 1));
            }
        }
        for (line, length) in function_lengths(file).filter(|&(_, length)| length > function_lines)
        {
            broken.push(format!("{}:{line}: a function of {length} lines", file.path));
        }
    }
    let law = "files to 400 lines before tests, functions to 70, lines to 100 columns";
    obeyed(law, &broken);
}

#[test]
fn every_file_says_what_it_is() {
    let openings: [(&str, &[&str]); 11] = [
        (".rs", &["//!", "#![doc"]),
        (".mjs", &["/**", "//", "#!"]),
        (".js", &["/**", "//"]),
        (".ts", &["/**", "//"]),
        (".css", &["/*"]),
        (".md", &["# ", "[//]: #"]),
        (".yaml", &["#"]),
        ("wrangler.toml", &["# "]),
        ("wrangler.admin.toml", &["# "]),
        (".sql", &["-- ", "SELECT", "INSERT", "UPDATE"]),
        (".html", &["<!doctype html>"]),
    ];
    let mut broken = Vec::new();
    for file in files() {
        let Some((_, starts)) = openings.iter().find(|(end, _)| file.path.ends_with(end)) else {
            continue;
        };
        if !starts.iter().any(|start| file.text.starts_with(start)) {
            broken.push(file.path);
        }
    }
    obeyed("every file begins by saying what it is", &broken);
}

#[test]
fn the_format_document_names_the_version_of_the_code() {
    let document = text_of("src/snapshot/FORMAT.md");
    let title = document.lines().next().unwrap();
    assert_eq!(title, format!("# The snapshot format, version {FORMAT_VERSION}"));
}

#[test]
fn every_reason_is_documented_tested_and_translated() {
    let rejections = Rejection::ALL.map(Rejection::name);
    let malformed = Malformed::ALL.map(Malformed::name);
    let told = [&rejections[..], &malformed, &[Refusal::NotValid.name()]].concat();
    let quoted =
        |quote: char| move |text: &str, name: &str| text.contains(&format!("{quote}{name}{quote}"));
    let mut broken = lacking("docs/", ".md", &told, quoted('`'));
    broken.extend(lacking("tests/vectors/", ".json", &rejections, quoted('"')));
    let reasons = Reason::ALL.map(Reason::name);
    broken.extend(lacking("docs/", ".md", &reasons, quoted('`')));
    broken.extend(lacking("tests/vectors/", ".json", &reasons, quoted('"')));
    for language in ["en", "fr", "de", "ja", "zh"] {
        let has_key = |text: &str, name: &str| {
            let is_key = |line: &str| line.trim_start().starts_with(&format!("{name}:"));
            text.lines().any(is_key) || text.contains(&format!("{name}\":"))
        };
        broken.extend(lacking("www/", &format!("/locales/{language}.js"), &told, has_key));
        let has_reason = |text: &str, name: &str| text.contains(&format!("\"reason.{name}\":"));
        let trace = format!("/locales/trace.{language}.json");
        broken.extend(lacking("www/", &trace, &reasons, has_reason));
    }
    obeyed("every reason is in the docs, the vectors and all five locales", &broken);
}

/// Which names no file of a kind has.
fn lacking(
    start: &str,
    end: &str,
    names: &[&str],
    has: impl Fn(&str, &str) -> bool,
) -> Vec<String> {
    let of_kind = |file: &File| file.path.starts_with(start) && file.path.ends_with(end);
    let texts: Vec<String> = files().into_iter().filter(of_kind).map(|file| file.text).collect();
    let missing = names.iter().filter(|name| !texts.iter().any(|text| has(text, name)));
    missing.map(|name| format!("{start}*{end} lacks {name}")).collect()
}

#[test]
fn the_readme_calls_what_there_is() {
    let scripts = text_of("package.json");
    let mut broken = Vec::new();
    for file in files().iter().filter(|file| file.path.ends_with(".md")) {
        for (line, text) in file.text.lines().enumerate() {
            for call in text.split("npm run ").skip(1) {
                let end = call.find(|c: char| !c.is_ascii_lowercase() && c != ':');
                let name = &call[..end.unwrap_or(call.len())];
                if !scripts.contains(&format!("\"{name}\": \"")) {
                    broken.push(format!("{}:{}: npm run {name}", file.path, line + 1));
                }
            }
        }
    }
    obeyed("every command of a document exists", &broken);
}

#[test]
fn nothing_is_left_to_do_or_tied_to_a_place() {
    let banned = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("registry.", "npmjs"),
        concat!("npmjs", ".org"),
        concat!("index.", "crates.io"),
        concat!("static.", "rust-lang.org"),
        concat!("deb.", "debian.org"),
        concat!("pypi", ".org"),
        concat!("\"re", "solved\": \"http"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/wo", "rk/"),
    ];
    let mut broken = Vec::new();
    for file in files() {
        for word in banned {
            broken.extend(places(&file, word));
        }
    }
    obeyed("nothing is left to do, no registry's host and nobody's folder is named", &broken);
}

/// Fails with every place that breaks a law.
#[track_caller]
fn obeyed(law: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{law}; but:\n  {}\n", broken.join("\n  "));
}

/// The project's file of that path.
fn text_of(path: &str) -> String {
    files().into_iter().find(|file| file.path == path).map(|file| file.text).unwrap_or_default()
}

/// Where the text of a file has a word.
fn places(file: &File, word: &str) -> Vec<String> {
    let lines = file.text.lines().enumerate().filter(|(_, line)| line.contains(word));
    lines.map(|(index, _)| format!("{}:{}: {word}", file.path, index + 1)).collect()
}

/// Where the code of these files has one of these words or paths as a whole.
fn words(files: impl IntoIterator<Item = File>, wanted: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        for (line, code) in file.code() {
            for word in wanted.iter().filter(|word| has_word(&code, word)) {
                found.push(format!("{}:{line}: {word}", file.path));
            }
        }
    }
    found
}

fn has_word(code: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

/// The module directly below the crate that a file belongs to.
fn module_of(file: &File) -> &str {
    let below = file.path.trim_start_matches("src/").trim_end_matches(".rs");
    below.split('/').next().unwrap_or(below)
}

/// The modules of ours that a file names, with the line.
fn imported_modules(file: &File) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (line, code) in file.code() {
        for start in ["crate::", "promo_edge::"] {
            for rest in code.split(start).skip(1) {
                let names = rest.trim_start_matches('{').split([',', '}']);
                let names = if rest.starts_with('{') { names.take(99) } else { names.take(1) };
                for name in names {
                    let end = name.trim().find(|c: char| !c.is_alphanumeric() && c != '_');
                    let name = name.trim();
                    found.push((line, name[..end.unwrap_or(name.len())].to_owned()));
                }
            }
        }
    }
    found
}

/// First line and length of every function, told by the formatter's indentation.
fn function_lengths(file: &File) -> impl Iterator<Item = (usize, usize)> + '_ {
    let lines: Vec<&str> = file.text.lines().collect();
    let is_header = |line: &str| {
        let code = line.trim_start();
        (code.starts_with("fn ")
            || code.contains(" fn ")
            || code.starts_with("function ")
            || code.contains(" function "))
            && !code.starts_with(['/', '*'])
    };
    (0..file.text.lines().count()).filter_map(move |first| {
        let header = lines[first];
        let indent = header.len() - header.trim_start().len();
        let closing = format!("{}}}", &header[..indent]);
        let opens = lines[first..].iter().take(20).position(|line| line.ends_with(['{', ';', '}']));
        let is_body = opens.is_some_and(|offset| lines[first + offset].ends_with('{'));
        let last = lines[first..]
            .iter()
            .position(|line| line.trim_end_matches([')', ';', ',']) == closing)?;
        (is_header(header) && is_body).then_some((first + 1, last + 1))
    })
}

/// Everything that wrangler.toml lets the Worker ask its environment for.
fn binding_names() -> Vec<String> {
    let is_name = |text: &&str| text.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let config = text_of("wrangler.toml") + &text_of("wrangler.admin.toml");
    let quoted = config.split('"').skip(1).step_by(2).filter(is_name);
    let keys = config.lines().filter_map(|line| line.split_once(" = ").map(|(key, _)| key));
    let names = quoted.chain(keys.filter(is_name)).filter(|name| !name.is_empty());
    names.map(str::to_owned).chain(["SNAPSHOT_KEY".to_owned(), "PROGRAM_KEY".to_owned()]).collect()
}
