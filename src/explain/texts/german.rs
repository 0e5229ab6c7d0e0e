//! German. Nouns stand where they need no case but the nominative.

use super::{Noun, Nouns, Phrases, Places, Refusals, Told};

pub(super) const PHRASES: Phrases = Phrases {
    quoted: "„{text}“",
    range: "{first}–{last}",
    comma: ", ",
    or: " oder ",
    and: " und ",
    space: "Leerzeichen",
    kind: "{bare}",
    others: "{n} weitere",

    exactly: "genau {counted}",
    between: "{least} bis {most}",
    at_least: "mindestens {counted}",
    any_number: "beliebig viele {bare} (oder keine)",
    times: "{n} Mal",
    once_or_more: "mindestens einmal",
    any_times: "beliebig oft (oder gar nicht)",
    optional: "wahlweise {what}",
    repeated: "{what} {times}",

    then: ", dann ",
    group: "({what})",
    anything: "beliebiger Text oder nichts",
    either_case: "{what} (groß- oder kleingeschrieben)",
    nouns: Nouns {
        characters: Noun {
            one: "{n} beliebiges Zeichen",
            other: "{n} beliebige Zeichen",
            bare: "beliebige Zeichen",
        },
        characters_of: Noun {
            one: "{n} Zeichen aus {list}",
            other: "{n} Zeichen aus {list}",
            bare: "Zeichen aus {list}",
        },
        characters_but: Noun {
            one: "{n} Zeichen außer {list}",
            other: "{n} Zeichen außer {list}",
            bare: "Zeichen außer {list}",
        },
        digits: Noun { one: "{n} Ziffer", other: "{n} Ziffern", bare: "Ziffern" },
        digits_from: Noun {
            one: "{n} Ziffer von {first} bis {last}",
            other: "{n} Ziffern von {first} bis {last}",
            bare: "Ziffern von {first} bis {last}",
        },
        capitals: Noun {
            one: "{n} Großbuchstabe {first}–{last}",
            other: "{n} Großbuchstaben {first}–{last}",
            bare: "Großbuchstaben {first}–{last}",
        },
        small_letters: Noun {
            one: "{n} Kleinbuchstabe {first}–{last}",
            other: "{n} Kleinbuchstaben {first}–{last}",
            bare: "Kleinbuchstaben {first}–{last}",
        },
        letters: Noun {
            one: "{n} Buchstabe {first}–{last}",
            other: "{n} Buchstaben {first}–{last}",
            bare: "Buchstaben {first}–{last}",
        },
        letters_of_either_case: Noun {
            one: "{n} Buchstabe {first}–{last} (groß oder klein)",
            other: "{n} Buchstaben {first}–{last} (groß oder klein)",
            bare: "Buchstaben {first}–{last} (groß oder klein)",
        },
        any_words: Noun {
            one: "{n} Buchstabe, Ziffer oder Unterstrich beliebiger Schrift",
            other: "{n} Buchstaben, Ziffern oder Unterstriche beliebiger Schrift",
            bare: "Buchstaben, Ziffern oder Unterstriche beliebiger Schrift",
        },
        any_letters: Noun {
            one: "{n} Buchstabe beliebiger Schrift",
            other: "{n} Buchstaben beliebiger Schrift",
            bare: "Buchstaben beliebiger Schrift",
        },
        any_capitals: Noun {
            one: "{n} Großbuchstabe beliebiger Schrift",
            other: "{n} Großbuchstaben beliebiger Schrift",
            bare: "Großbuchstaben beliebiger Schrift",
        },
        any_small_letters: Noun {
            one: "{n} Kleinbuchstabe beliebiger Schrift",
            other: "{n} Kleinbuchstaben beliebiger Schrift",
            bare: "Kleinbuchstaben beliebiger Schrift",
        },
        any_digits: Noun {
            one: "{n} Ziffer beliebiger Schrift",
            other: "{n} Ziffern beliebiger Schrift",
            bare: "Ziffern beliebiger Schrift",
        },
        spaces: Noun { one: "{n} Leerzeichen", other: "{n} Leerzeichen", bare: "Leerzeichen" },
        han: Noun {
            one: "{n} chinesisches Schriftzeichen",
            other: "{n} chinesische Schriftzeichen",
            bare: "chinesische Schriftzeichen",
        },
        hiragana: Noun {
            one: "{n} Hiragana-Zeichen",
            other: "{n} Hiragana-Zeichen",
            bare: "Hiragana-Zeichen",
        },
        katakana: Noun {
            one: "{n} Katakana-Zeichen",
            other: "{n} Katakana-Zeichen",
            bare: "Katakana-Zeichen",
        },
    },
    places: Places {
        start: "der Anfang des Codes",
        end: "das Ende des Codes",
        word_edge: "der Anfang oder das Ende eines Wortes (aus A–Z, a–z, 0–9 und „_“)",
        no_word_edge: "weder Anfang noch Ende eines Wortes (aus A–Z, a–z, 0–9 und „_“)",
        word_start: "der Anfang eines Wortes (aus A–Z, a–z, 0–9 und „_“)",
        word_end: "das Ende eines Wortes (aus A–Z, a–z, 0–9 und „_“)",
        not_after_word: "eine Stelle, vor der kein A–Z, a–z, 0–9 oder „_“ steht",
        not_before_word: "eine Stelle, nach der kein A–Z, a–z, 0–9 oder „_“ steht",
    },
    in_order: "in dieser Reihenfolge:",
    one_of_these: "eines davon:",
    optionally_this: "wahlweise Folgendes:",
    this_times: "{times} Folgendes:",

    is: "Der Code lautet {what}.",
    takes_the_form: "Der Code ist so aufgebaut: {what}.",
    consists_of: "Der Code ist so aufgebaut: {what}.",
    starts_with: "Der Code beginnt mit {what}; danach darf Beliebiges folgen oder nichts.",
    ends_with: "Der Code endet mit {what}; davor darf Beliebiges stehen oder nichts.",
    contains: "Der Code enthält {what}; davor und danach darf Beliebiges stehen oder nichts.",
    starts_and_ends_with: "Der Code beginnt mit {first} und endet mit {last}; dazwischen darf Beliebiges stehen oder nichts.",
    every_code: "Jeder Code passt.",
    has_parts: "Der Code besteht aus diesen {n} Teilen, in dieser Reihenfolge:",
    has_forms: "Der Code hat eine dieser {n} Formen:",
    repeats: "Der Code wiederholt {times} Folgendes:",
    case_exact: "Groß- und Kleinschreibung muss genau stimmen.",
    case_any: "Groß- und Kleinschreibung spielt keine Rolle.",
    case_mixed: "Groß- und Kleinschreibung muss genau stimmen, außer wo beides erlaubt ist.",
    whole_closed: "Der ganze Code muss passen: Davor und danach darf nichts weiter stehen.",
    whole_open: "Verglichen wird der ganze Code: Anderes darf nur an den genannten Stellen stehen.",

    search_finds: "Ein System, das das Muster irgendwo im Code sucht, nähme auch {code} an; hier muss der ganze Code passen. Schreiben Sie `.*`, wo mehr stehen darf.",
    search_finds_more: "Ein System, das das Muster irgendwo im Code sucht, nähme mehr Codes an; hier muss der ganze Code passen. Schreiben Sie `.*`, wo mehr stehen darf.",
    large_class: "`{class}` umfasst so viele Zeichen, dass der Snapshot einmalig um {size} Bytes wächst. Nennen Sie die gewünschten Zeichen, etwa `[A-Z0-9]`.",
    never_typed: "Es fand sich kein Code zum Eintippen, der passt: Eingetippte Codes werden zuerst bereinigt, sodass ① als 1 und Ａ als A gelesen wird. Schreiben Sie das Muster mit den bereinigten Zeichen.",

    refusals: Refusals {
        at_character: "Zeichen {n}: {reason}",
        too_long: Told {
            reason: "Das Muster ist zu lang: Es hat mehr als {length} Zeichen.",
            remedy: "Kürzen Sie es, oder machen Sie mehrere Muster daraus: Ein Code hat höchstens {n} Zeichen.",
        },
        look_around: Told {
            reason: "Ein Muster kann hier nicht voraus- oder zurückschauen, wie `(?=…)` und `(?<!…)` es tun.",
            remedy: "Beschreiben Sie stattdessen den ganzen Code, etwa `SUMMER.*` für Codes, die mit SUMMER beginnen.",
        },
        back_reference: Told {
            reason: "Ein Muster kann hier keinen früheren Text noch einmal verlangen, wie `\\1` es tut.",
            remedy: "Schreiben Sie den wiederholten Text aus.",
        },
        group_unopened: Told {
            reason: "Diese `)` schließt nichts.",
            remedy: "Setzen Sie eine `(` davor, oder schreiben Sie `\\)` für das Zeichen selbst.",
        },
        group_unclosed: Told {
            reason: "Diese `(` wird nie geschlossen.",
            remedy: "Schließen Sie sie mit `)`, oder schreiben Sie `\\(` für das Zeichen selbst.",
        },
        group_name: Told {
            reason: "Der Name dieser Gruppe ist nicht lesbar.",
            remedy: "Lassen Sie den Namen weg: `(` und `)` genügen.",
        },
        class_unclosed: Told {
            reason: "Diese `[` wird nie geschlossen.",
            remedy: "Schließen Sie sie mit `]`, oder schreiben Sie `\\[` für das Zeichen selbst.",
        },
        class_range: Told {
            reason: "Die Enden dieses Bereichs sind keine einzelnen Zeichen oder stehen verkehrt herum.",
            remedy: "Schreiben Sie zwei einzelne Zeichen, das kleinere zuerst, wie in `[A-Z]` oder `[0-9]`.",
        },
        class_unknown: Told {
            reason: "Eine Zeichenklasse dieses Namens gibt es nicht.",
            remedy: "Nennen Sie stattdessen die Zeichen, etwa `[A-Z0-9]`.",
        },
        repetition_missing: Told {
            reason: "Vor diesem Zeichen steht nichts, was wiederholt werden könnte.",
            remedy: "Setzen Sie es hinter das, was es wiederholt, oder schreiben Sie `\\*`, `\\+` oder `\\?` für das Zeichen selbst.",
        },
        repetition_count: Told {
            reason: "Die Zahlen dieser Wiederholung sind nicht lesbar oder stehen verkehrt herum.",
            remedy: "Schreiben Sie eine Zahl oder zwei, die kleinere zuerst, etwa `{example}`.",
        },
        escape: Told {
            reason: "Dieser umgekehrte Schrägstrich steht vor etwas, zu dem er nicht passt.",
            remedy: "Schreiben Sie `\\\\` für den Schrägstrich selbst, und lassen Sie ihn vor Buchstaben weg.",
        },
        flags: Told {
            reason: "Diese Schalter sind nicht lesbar.",
            remedy: "Um Groß- und Kleinschreibung zu übergehen, schreiben Sie `(?i)` an den Anfang.",
        },
        word_edge: Told {
            reason: "Diese Bedingung für den Rand eines Wortes ist nicht lesbar.",
            remedy: "Schreiben Sie `(?-u:\\b)`.",
        },
        bytes: Told {
            reason: "Dies passt auf Bytes, die keine Zeichen sind.",
            remedy: "Schreiben Sie die Zeichen selbst, ohne `(?-u)`.",
        },
        too_deep: Told {
            reason: "Zu viele Klammern stehen ineinander.",
            remedy: "Nehmen Sie einige davon weg.",
        },
        unicode_word: Told {
            reason: "`\\b` müsste die Wörter aller Sprachen kennen.",
            remedy: "Schreiben Sie `(?-u:\\b)`, das Wörter aus A–Z, a–z, 0–9 und „_“ kennt.",
        },
        too_large: Told {
            reason: "Das Muster ist zu groß: Seine Tabelle nähme mehr als {size} Bytes ein.",
            remedy: "Wiederholen Sie seltener, oder machen Sie mehrere Muster daraus.",
        },
        too_large_for: Told {
            reason: "Das Muster ist zu groß: Seine Tabelle nähme mehr als {size} Bytes ein, und `{repetition}` vervielfacht sie.",
            remedy: "Wiederholen Sie seltener, oder machen Sie mehrere Muster daraus.",
        },
        too_many_kinds: Told {
            reason: "Das Muster unterscheidet zu viele Zeichen außerhalb von A–Z.",
            remedy: "Machen Sie mehrere Muster daraus.",
        },
        no_code: Told {
            reason: "Kein Code passt: Ein Code hat 1 bis {n} Zeichen, keines davon unsichtbar oder ein Steuerzeichen, und keine Leerzeichen an den Enden.",
            remedy: "Nennen Sie die Zeichen des Codes, etwa `SUMMER[0-9]*`.",
        },
    },

    matching: "Passt",
    not_matching: "Passt nicht",
    notes: "Hinweise",
};
