//! The schemas that operations refer to.

use crate::reason::{Refusal, Rejection};

use schemars::JsonSchema;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value, json};

use std::collections::BTreeSet;

/// The schemas, gathered as they are referred to. What may be left out of a request is not what may
/// be missing from an answer, so there are two generators.
#[derive(Debug)]
pub struct Shapes {
    requests: SchemaGenerator,
    answers: SchemaGenerator,
    /// Answers that no type has, by name.
    composed: Map<String, Value>,
}

/// Where schemas of requests are in the end, and those of answers until they have their names.
const SCHEMAS: &str = "#/components/schemas/";
const ANSWERS: &str = "#/components/answers/";

impl Shapes {
    /// Has none yet.
    pub fn new() -> Self {
        let settings = |prefix: &str| {
            let path = prefix.trim_start_matches('#').trim_end_matches('/').to_owned();
            SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = path.into())
        };
        Shapes {
            requests: settings(SCHEMAS).for_deserialize().into_generator(),
            answers: settings(ANSWERS).for_serialize().into_generator(),
            composed: Map::new(),
        }
    }

    /// The schema of what is sent.
    pub fn request<T: JsonSchema>(&mut self) -> Value {
        self.requests.subschema_for::<T>().to_value()
    }

    /// The schema of what is answered.
    pub fn answer<T: JsonSchema>(&mut self) -> Value {
        self.answers.subschema_for::<T>().to_value()
    }

    /// An answer that consists of a type's fields and more, all of which are there.
    pub fn composed<T: JsonSchema>(&mut self, name: &str, more: &[(&str, Value)]) -> Value {
        let mut schema = T::json_schema(&mut self.answers).to_value();
        if let Some(Value::Object(fields)) = schema.get_mut("properties") {
            fields.extend(more.iter().map(|(name, field)| ((*name).to_owned(), field.clone())));
            let names: Vec<String> = fields.keys().cloned().collect();
            set(&mut schema, "required", names.into());
        }
        self.composed.insert(name.to_owned(), schema);
        json!({ "$ref": format!("{ANSWERS}{name}") })
    }

    /// All schemas under their names. What is another thing in an answer than in a request has two.
    pub fn finish(mut self, paths: &mut Value) -> Map<String, Value> {
        let mut schemas = self.requests.take_definitions(true);
        let mut answers = self.answers.take_definitions(true);
        answers.append(&mut self.composed);
        let mut apart = BTreeSet::new();
        loop {
            let differs = |(name, schema): &(&String, &Value)| {
                let mut schema = (*schema).clone();
                name_answers(&mut schema, &apart);
                !apart.contains(*name) && schemas.get(*name).is_some_and(|own| *own != schema)
            };
            let more: Vec<String> =
                answers.iter().filter(differs).map(|(name, _)| name.clone()).collect();
            if more.is_empty() {
                break;
            }
            apart.extend(more);
        }
        name_answers(paths, &apart);
        for (name, mut schema) in answers {
            name_answers(&mut schema, &apart);
            let name = if apart.contains(&name) { format!("{name}Answer") } else { name };
            schemas.insert(name, schema);
        }
        schemas.sort_keys();
        let mut reasons = Rejection::ALL.map(Rejection::name).to_vec();
        reasons.push(Refusal::NotValid.name());
        let refused = schemas.get_mut("RefusedAnswer");
        let reason = refused.and_then(|schema| schema.pointer_mut("/properties/reason"));
        if let Some(Value::Object(reason)) = reason {
            reason.insert("enum".to_owned(), json!(reasons));
        }
        schemas
    }
}

/// Writes references to answers as they are in the end.
fn name_answers(value: &mut Value, apart: &BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(target)) = fields.get_mut("$ref")
                && let Some(name) = target.strip_prefix(ANSWERS)
            {
                let suffix = if apart.contains(name) { "Answer" } else { "" };
                *target = format!("{SCHEMAS}{name}{suffix}");
            }
            fields.values_mut().for_each(|field| name_answers(field, apart));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| name_answers(item, apart)),
        _ => {}
    }
}

/// Sets a field of an object.
pub fn set(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(fields) = object {
        fields.insert(name.to_owned(), value);
    }
}
