//! Defaults, put in as the API server does (apiextensions-apiserver `schema/defaulting`): only where the parent is
//! there; a parent is made only by its own default.

use tollgate_vocabulary::Value;

use super::{Additional, Schema};

impl Schema {
    /// Puts defaults into a value.
    pub fn fill(&self, value: &mut Value) {
        match value {
            Value::Object(map) => {
                for (key, schema) in &self.properties {
                    let Some(default) = &schema.default else { continue };
                    if map.get(key).is_none_or(|value| value.is_null() && !schema.nullable) {
                        map.insert(key.clone(), default.clone());
                    }
                }
                for (key, value) in map.iter_mut() {
                    match (self.properties.get(key), &self.additional) {
                        (Some(schema), _) => schema.fill(value),
                        (None, Additional::Like(schema)) => schema.fill_item(value),
                        _ => {}
                    }
                }
            }
            Value::Array(items) => {
                let Some(schema) = &self.items else { return };
                items.iter_mut().for_each(|item| schema.fill_item(item));
            }
            _ => {}
        }
    }

    fn fill_item(&self, value: &mut Value) {
        if let (Value::Null, false, Some(default)) = (&*value, self.nullable, &self.default) {
            *value = default.clone();
        }
        self.fill(value);
    }
}
