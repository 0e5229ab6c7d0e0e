//! Workers KV, through a pipe: `tools/kv.mjs` speaks to it by wrangler, locally or with wrangler's
//! own login. The script reads and writes; what and in which order is decided here.

use crate::failure::Failure;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Which namespace.
#[derive(Debug, clap::Args)]
pub struct Place {
    /// The local namespace that `wrangler dev` serves, instead of an account's
    #[arg(long)]
    local: bool,
    /// Environment of wrangler.toml
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// Folder of the local namespace
    #[arg(long, value_name = "DIR", default_value = ".wrangler/state", requires = "local")]
    persist_to: PathBuf,
    /// The script that speaks to KV
    #[arg(long, value_name = "FILE", default_value = "tools/kv.mjs", hide = true)]
    kv_script: PathBuf,
}

/// An open namespace.
#[derive(Debug)]
pub struct Kv {
    child: Child,
    /// `None` once closed, which ends the script.
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// Requests under way at once: enough to hide a network's latency, few enough for the memory of a
/// pipe.
const BATCH: usize = 16;

impl Place {
    /// Opens the namespace.
    pub fn open(&self) -> Result<Kv, Failure> {
        let mut command = Command::new("node");
        command.arg(&self.kv_script);
        if self.local {
            command.arg("--local").arg("--persist-to").arg(&self.persist_to);
        }
        if let Some(env) = &self.env {
            command.args(["--env", env]);
        }
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|error| {
            Failure::new(error).at("node").mend("run this in the project's folder, after `npm ci`")
        })?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(requests), Some(answers)) => {
                Ok(Kv { child, requests: Some(requests), answers: BufReader::new(answers) })
            }
            _ => Err(Failure::new("no pipe to node")),
        }
    }
}

impl Kv {
    /// Whether there is such a key; asked by listing, because a read of an absent key is cached by
    /// KV.
    pub fn has(&mut self, keys: &[String]) -> Result<Vec<bool>, Failure> {
        let requests: Vec<Value> =
            keys.iter().map(|key| json!({"op": "has", "key": key})).collect();
        let answers = self.ask(&requests)?;
        Ok(answers.iter().map(|answer| answer["has"] == true).collect())
    }

    /// The value of a key; `None` when KV gives none.
    pub fn get(&mut self, key: &str) -> Result<Option<Vec<u8>>, Failure> {
        let answers = self.ask(&[json!({"op": "get", "key": key})])?;
        let value = answers.first().and_then(|answer| answer["value"].as_str());
        let decode = |value| BASE64.decode(value).map_err(|error| Failure::new(error).at(key));
        value.map(decode).transpose()
    }

    /// Writes one key.
    pub fn put(&mut self, key: &str, value: &[u8]) -> Result<(), Failure> {
        let request = json!({"op": "put", "key": key, "value": BASE64.encode(value)});
        self.ask(&[request]).map(drop)
    }

    /// All keys that begin like this.
    pub fn list(&mut self, prefix: &str) -> Result<Vec<String>, Failure> {
        let answers = self.ask(&[json!({"op": "list", "key": prefix})])?;
        let keys = answers.first().and_then(|answer| answer["keys"].as_array());
        let names = keys.into_iter().flatten().filter_map(Value::as_str);
        Ok(names.map(str::to_owned).collect())
    }

    /// Deletes keys.
    pub fn delete(&mut self, keys: &[String]) -> Result<(), Failure> {
        let requests: Vec<Value> =
            keys.iter().map(|key| json!({"op": "delete", "key": key})).collect();
        self.ask(&requests).map(drop)
    }

    fn ask(&mut self, requests: &[Value]) -> Result<Vec<Value>, Failure> {
        let mut answers = Vec::new();
        for batch in requests.chunks(BATCH) {
            let lines: String = batch.iter().map(|request| format!("{request}\n")).collect();
            if let Some(pipe) = &mut self.requests {
                pipe.write_all(lines.as_bytes()).and_then(|()| pipe.flush()).map_err(broken)?;
            }
            for request in batch {
                let mut line = String::new();
                self.answers.read_line(&mut line).map_err(broken)?;
                answers.push(read_answer(&line, request)?);
            }
        }
        Ok(answers)
    }
}

impl Drop for Kv {
    fn drop(&mut self) {
        // The script ends when its input does, and has then written everything.
        self.requests = None;
        self.child.wait().ok();
    }
}

fn read_answer(line: &str, request: &Value) -> Result<Value, Failure> {
    let key = request["key"].as_str().unwrap_or_default();
    if line.is_empty() {
        return Err(Failure::new("KV's script ended").at(key).mend("see its message above"));
    }
    let answer: Value = serde_json::from_str(line).map_err(|error| Failure::new(error).at(key))?;
    match answer["error"].as_str() {
        Some(error) => {
            Err(Failure::new(error).at(key).mend("`npx wrangler whoami` tells who is logged in"))
        }
        None => Ok(answer),
    }
}

fn broken(error: std::io::Error) -> Failure {
    Failure::new(error).at("the pipe to tools/kv.mjs").mend("see its message above")
}
