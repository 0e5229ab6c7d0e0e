//! The languages that patterns are explained in.

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lang {
    /// English.
    En,
    /// French.
    Fr,
    /// German.
    De,
    /// Japanese.
    Ja,
    /// Chinese, in simplified characters.
    Zh,
}

impl Lang {
    /// All of them.
    pub const ALL: [Lang; 5] = [Lang::En, Lang::Fr, Lang::De, Lang::Ja, Lang::Zh];

    /// The stable name, which is that of ISO 639-1.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Fr => "fr",
            Lang::De => "de",
            Lang::Ja => "ja",
            Lang::Zh => "zh",
        }
    }

    /// The language of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.name() == name)
    }

    /// The language of a locale such as `de_AT.UTF-8` or `zh-Hans`, if it is one of these.
    ///
    /// ```
    /// use promo_edge::explain::Lang;
    /// assert_eq!(Lang::of_locale("fr_CA.UTF-8"), Some(Lang::Fr));
    /// assert_eq!(Lang::of_locale("C.UTF-8"), None);
    /// ```
    #[must_use]
    pub fn of_locale(locale: &str) -> Option<Lang> {
        let name = locale.split(['_', '-', '.', '@']).next()?;
        Lang::parse(&name.to_ascii_lowercase())
    }
}
