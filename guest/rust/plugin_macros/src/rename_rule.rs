//! The names that serde's `rename_all` makes of fields and variants.

/// A rule of serde's `rename_all`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rule(&'static str);

impl Rule {
    const ALL: [&'static str; 8] = [
        "lowercase",
        "UPPERCASE",
        "PascalCase",
        "camelCase",
        "snake_case",
        "SCREAMING_SNAKE_CASE",
        "kebab-case",
        "SCREAMING-KEBAB-CASE",
    ];

    /// The rule of a name, if there is one.
    pub fn named(name: &str) -> Option<Rule> {
        let rule = Rule::ALL.iter().find(|rule| **rule == name);
        rule.map(|rule| Rule(rule))
    }

    /// The name of a variant, which is in `PascalCase`.
    pub fn of_variant(self, name: &str) -> String {
        match self.0 {
            "lowercase" => name.to_ascii_lowercase(),
            "UPPERCASE" => name.to_ascii_uppercase(),
            "PascalCase" => name.to_string(),
            "camelCase" => with_first(name, |first| first.to_ascii_lowercase()),
            rule => {
                let mut snake = String::new();
                for (at, character) in name.char_indices() {
                    if at > 0 && character.is_uppercase() {
                        snake.push('_');
                    }
                    snake.push(character.to_ascii_lowercase());
                }
                separated(rule, &snake)
            }
        }
    }

    /// The name of a field, which is in `snake_case`.
    pub fn of_field(self, name: &str) -> String {
        let pascal = || {
            name.split('_')
                .map(|part| with_first(part, |first| first.to_ascii_uppercase()))
                .collect::<String>()
        };
        match self.0 {
            "lowercase" => name.to_string(),
            "UPPERCASE" => name.to_ascii_uppercase(),
            "PascalCase" => pascal(),
            "camelCase" => with_first(&pascal(), |first| first.to_ascii_lowercase()),
            rule => separated(rule, name),
        }
    }
}

/// A name in `snake_case` by a rule for words with a separator.
fn separated(rule: &str, snake: &str) -> String {
    match rule {
        "SCREAMING_SNAKE_CASE" => snake.to_ascii_uppercase(),
        "kebab-case" => snake.replace('_', "-"),
        "SCREAMING-KEBAB-CASE" => snake.to_ascii_uppercase().replace('_', "-"),
        _ => snake.to_string(),
    }
}

fn with_first(word: &str, change: impl Fn(char) -> char) -> String {
    let mut characters = word.chars();
    let first = characters.next().map(change);
    first.into_iter().chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_names_fields_and_variants() {
        for (rule, field, variant) in [
            ("lowercase", "two_words", "twowords"),
            ("UPPERCASE", "TWO_WORDS", "TWOWORDS"),
            ("PascalCase", "TwoWords", "TwoWords"),
            ("camelCase", "twoWords", "twoWords"),
            ("snake_case", "two_words", "two_words"),
            ("SCREAMING_SNAKE_CASE", "TWO_WORDS", "TWO_WORDS"),
            ("kebab-case", "two-words", "two-words"),
            ("SCREAMING-KEBAB-CASE", "TWO-WORDS", "TWO-WORDS"),
        ] {
            let rule = Rule::named(rule).unwrap();
            assert_eq!(rule.of_field("two_words"), field);
            assert_eq!(rule.of_variant("TwoWords"), variant);
        }
        assert_eq!(Rule::named("Title Case"), None);
    }
}
