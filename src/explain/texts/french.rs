//! French. Spaces before `:` and `;` and inside quotation marks do not break.

use super::{Noun, Nouns, Phrases, Places, Refusals, Told};

pub(super) const PHRASES: Phrases = Phrases {
    quoted: "«\u{a0}{text}\u{a0}»",
    range: "{first}–{last}",
    comma: ", ",
    or: " ou ",
    and: " et ",
    space: "un espace",
    kind: "les {bare}",
    others: "{n} autres",

    exactly: "exactement {counted}",
    between: "{least} à {most}",
    at_least: "au moins {counted}",
    any_number: "un nombre quelconque de {bare} (ou rien)",
    times: "{n} fois",
    once_or_more: "au moins une fois",
    any_times: "un nombre quelconque de fois (ou jamais)",
    optional: "éventuellement {what}",
    repeated: "{what} {times}",

    then: ", puis ",
    group: "({what})",
    anything: "n’importe quel texte ou rien",
    either_case: "{what} (en majuscules ou en minuscules)",
    nouns: Nouns {
        characters: Noun {
            one: "{n} caractère quelconque",
            other: "{n} caractères quelconques",
            bare: "caractères quelconques",
        },
        characters_of: Noun {
            one: "{n} caractère parmi {list}",
            other: "{n} caractères parmi {list}",
            bare: "caractères parmi {list}",
        },
        characters_but: Noun {
            one: "{n} caractère autre que {list}",
            other: "{n} caractères autres que {list}",
            bare: "caractères autres que {list}",
        },
        digits: Noun { one: "{n} chiffre", other: "{n} chiffres", bare: "chiffres" },
        digits_from: Noun {
            one: "{n} chiffre de {first} à {last}",
            other: "{n} chiffres de {first} à {last}",
            bare: "chiffres de {first} à {last}",
        },
        capitals: Noun {
            one: "{n} majuscule de {first} à {last}",
            other: "{n} majuscules de {first} à {last}",
            bare: "majuscules de {first} à {last}",
        },
        small_letters: Noun {
            one: "{n} minuscule de {first} à {last}",
            other: "{n} minuscules de {first} à {last}",
            bare: "minuscules de {first} à {last}",
        },
        letters: Noun {
            one: "{n} lettre de {first} à {last}",
            other: "{n} lettres de {first} à {last}",
            bare: "lettres de {first} à {last}",
        },
        letters_of_either_case: Noun {
            one: "{n} lettre de {first} à {last} (majuscule ou minuscule)",
            other: "{n} lettres de {first} à {last} (majuscules ou minuscules)",
            bare: "lettres de {first} à {last} (majuscules ou minuscules)",
        },
        any_words: Noun {
            one: "{n} lettre, chiffre ou tiret bas de toute écriture",
            other: "{n} lettres, chiffres ou tirets bas de toute écriture",
            bare: "lettres, chiffres ou tirets bas de toute écriture",
        },
        any_letters: Noun {
            one: "{n} lettre de toute écriture",
            other: "{n} lettres de toute écriture",
            bare: "lettres de toute écriture",
        },
        any_capitals: Noun {
            one: "{n} majuscule de toute écriture",
            other: "{n} majuscules de toute écriture",
            bare: "majuscules de toute écriture",
        },
        any_small_letters: Noun {
            one: "{n} minuscule de toute écriture",
            other: "{n} minuscules de toute écriture",
            bare: "minuscules de toute écriture",
        },
        any_digits: Noun {
            one: "{n} chiffre de toute écriture",
            other: "{n} chiffres de toute écriture",
            bare: "chiffres de toute écriture",
        },
        spaces: Noun {
            one: "{n} espace", other: "{n} espaces", bare: "caractères d’espacement"
        },
        han: Noun {
            one: "{n} caractère chinois",
            other: "{n} caractères chinois",
            bare: "caractères chinois",
        },
        hiragana: Noun { one: "{n} hiragana", other: "{n} hiraganas", bare: "hiraganas" },
        katakana: Noun { one: "{n} katakana", other: "{n} katakanas", bare: "katakanas" },
    },
    places: Places {
        start: "le début du code",
        end: "la fin du code",
        word_edge: "le début ou la fin d’un mot (fait de A–Z, a–z, 0–9 et «\u{a0}_\u{a0}»)",
        no_word_edge: "ni début ni fin d’un mot (fait de A–Z, a–z, 0–9 et «\u{a0}_\u{a0}»)",
        word_start: "le début d’un mot (fait de A–Z, a–z, 0–9 et «\u{a0}_\u{a0}»)",
        word_end: "la fin d’un mot (fait de A–Z, a–z, 0–9 et «\u{a0}_\u{a0}»)",
        not_after_word: "un endroit que ne précède aucun caractère parmi A–Z, a–z, 0–9 et «\u{a0}_\u{a0}»",
        not_before_word: "un endroit que ne suit aucun caractère parmi A–Z, a–z, 0–9 et «\u{a0}_\u{a0}»",
    },
    in_order: "dans cet ordre\u{a0}:",
    one_of_these: "au choix\u{a0}:",
    optionally_this: "ceci, éventuellement\u{a0}:",
    this_times: "ceci, {times}\u{a0}:",

    is: "Le code est {what}.",
    takes_the_form: "Le code se compose ainsi\u{a0}: {what}.",
    consists_of: "Le code se compose ainsi\u{a0}: {what}.",
    starts_with: "Le code commence par {what}\u{a0}; la suite est libre et peut être vide.",
    ends_with: "Le code se termine par {what}\u{a0}; ce qui précède est libre et peut être vide.",
    contains: "Le code contient {what}\u{a0}; ce qui précède et ce qui suit est libre et peut être vide.",
    starts_and_ends_with: "Le code commence par {first} et se termine par {last}\u{a0}; ce qui se trouve entre les deux est libre et peut être vide.",
    every_code: "Tous les codes conviennent.",
    has_parts: "Le code se compose de ces {n} parties, dans cet ordre\u{a0}:",
    has_forms: "Le code prend l’une de ces {n} formes\u{a0}:",
    repeats: "Le code répète ceci {times}\u{a0}:",
    case_exact: "Les majuscules et les minuscules doivent être respectées.",
    case_any: "Majuscules ou minuscules, cela revient au même.",
    case_mixed: "Les majuscules et les minuscules doivent être respectées, sauf là où les deux sont admises.",
    whole_closed: "Le code entier doit convenir\u{a0}: rien d’autre ne peut le précéder ni le suivre.",
    whole_open: "Le code est comparé en entier\u{a0}: d’autres caractères ne sont admis qu’aux endroits indiqués.",

    search_finds: "Un système qui cherche le motif n’importe où dans le code accepterait aussi {code}\u{a0}; ici, le code entier doit correspondre. Ajoutez `.*` là où d’autres caractères sont permis.",
    search_finds_more: "Un système qui cherche le motif n’importe où dans le code accepterait davantage de codes\u{a0}; ici, le code entier doit correspondre. Ajoutez `.*` là où d’autres caractères sont permis.",
    large_class: "`{class}` couvre tant de caractères que l’instantané grossit de {size} octets, une seule fois. Nommez ceux que vous voulez, par exemple `[A-Z0-9]`.",
    never_typed: "Aucun code saisissable ne semble convenir\u{a0}: les codes saisis sont d’abord nettoyés, si bien que ① est lu 1 et Ａ est lu A. Écrivez le motif avec les caractères nettoyés.",

    refusals: Refusals {
        at_character: "Caractère {n}\u{a0}: {reason}",
        too_long: Told {
            reason: "Le motif est trop long\u{a0}: il a plus de {length} caractères.",
            remedy: "Raccourcissez-le, ou faites-en plusieurs motifs\u{a0}: un code a au plus {n} caractères.",
        },
        look_around: Told {
            reason: "Un motif ne peut pas regarder ce qui précède ou ce qui suit, comme le font `(?=…)` et `(?<!…)`.",
            remedy: "Décrivez plutôt le code entier, par exemple `SUMMER.*` pour les codes qui commencent par SUMMER.",
        },
        back_reference: Told {
            reason: "Un motif ne peut pas redemander un texte déjà trouvé, comme le fait `\\1`.",
            remedy: "Écrivez en toutes lettres le texte répété.",
        },
        group_unopened: Told {
            reason: "Cette `)` ne ferme rien.",
            remedy: "Placez une `(` avant elle, ou écrivez `\\)` pour le caractère lui-même.",
        },
        group_unclosed: Told {
            reason: "Cette `(` n’est jamais fermée.",
            remedy: "Fermez-la par `)`, ou écrivez `\\(` pour le caractère lui-même.",
        },
        group_name: Told {
            reason: "Le nom de ce groupe est illisible.",
            remedy: "Supprimez-le\u{a0}: `(` et `)` suffisent.",
        },
        class_unclosed: Told {
            reason: "Ce `[` n’est jamais fermé.",
            remedy: "Fermez-le par `]`, ou écrivez `\\[` pour le caractère lui-même.",
        },
        class_range: Told {
            reason: "Les bornes de cet intervalle sont impossibles ou inversées.",
            remedy: "Écrivez deux caractères simples, le plus petit d’abord, comme dans `[A-Z]` ou `[0-9]`.",
        },
        class_unknown: Told {
            reason: "Aucune classe de caractères ne porte ce nom.",
            remedy: "Nommez plutôt les caractères, par exemple `[A-Z0-9]`.",
        },
        repetition_missing: Told {
            reason: "Rien ne précède ce signe qui puisse être répété.",
            remedy: "Placez-le après ce qu’il répète, ou écrivez `\\*`, `\\+` ou `\\?` pour le caractère lui-même.",
        },
        repetition_count: Told {
            reason: "Les nombres de cette répétition sont illisibles ou inversés.",
            remedy: "Écrivez un nombre, ou deux en commençant par le plus petit, par exemple `{example}`.",
        },
        escape: Told {
            reason: "Cette barre oblique inverse précède un caractère avec lequel elle ne va pas.",
            remedy: "Écrivez `\\\\` pour la barre elle-même, et supprimez-la devant les lettres.",
        },
        flags: Told {
            reason: "Ces options sont illisibles.",
            remedy: "Pour ignorer la casse, écrivez `(?i)` au début.",
        },
        word_edge: Told {
            reason: "Cette condition sur le bord d’un mot est illisible.",
            remedy: "Écrivez `(?-u:\\b)`.",
        },
        bytes: Told {
            reason: "Ceci correspond à des octets qui ne sont pas des caractères.",
            remedy: "Écrivez les caractères eux-mêmes, sans `(?-u)`.",
        },
        too_deep: Told {
            reason: "Trop de parenthèses sont imbriquées.",
            remedy: "Supprimez-en quelques-unes.",
        },
        unicode_word: Told {
            reason: "`\\b` devrait connaître les mots de toutes les langues.",
            remedy: "Écrivez `(?-u:\\b)`, qui connaît les mots faits de A–Z, a–z, 0–9 et «\u{a0}_\u{a0}».",
        },
        too_large: Told {
            reason: "Le motif est trop grand\u{a0}: sa table dépasserait {size} octets.",
            remedy: "Répétez moins souvent, ou faites-en plusieurs motifs.",
        },
        too_large_for: Told {
            reason: "Le motif est trop grand\u{a0}: sa table dépasserait {size} octets, et `{repetition}` la multiplie.",
            remedy: "Répétez moins souvent, ou faites-en plusieurs motifs.",
        },
        too_many_kinds: Told {
            reason: "Le motif distingue trop de caractères hors de A–Z.",
            remedy: "Faites-en plusieurs motifs.",
        },
        no_code: Told {
            reason: "Aucun code ne convient\u{a0}: un code a de 1 à {n} caractères, dont aucun n’est invisible ni de commande, et pas d’espace aux extrémités.",
            remedy: "Nommez les caractères du code, par exemple `SUMMER[0-9]*`.",
        },
    },

    matching: "Codes qui conviennent",
    not_matching: "Codes qui ne conviennent pas",
    notes: "À savoir",
};
