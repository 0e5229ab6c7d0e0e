//! Japanese.

use super::{Noun, Nouns, Phrases, Places, Refusals, Told};

pub(super) const PHRASES: Phrases = Phrases {
    quoted: "「{text}」",
    range: "{first}～{last}",
    comma: "、",
    or: "または",
    and: "、",
    space: "空白",
    kind: "{bare}",
    others: "ほか {n} 個",

    exactly: "{counted}",
    between: "{least}～{most}",
    at_least: "{counted}以上",
    any_number: "任意の数の{bare}（なくても可）",
    times: "{n} 回",
    once_or_more: "1 回以上",
    any_times: "何回でも、なくても可",
    optional: "{what}（なくても可）",
    repeated: "{what}の繰り返し（{times}）",

    then: " → ",
    group: "〔{what}〕",
    anything: "任意の文字列（なくても可）",
    either_case: "{what}（大文字・小文字とも可）",
    nouns: Nouns {
        characters: Noun::unchanging("任意の {n} 文字", "任意の文字"),
        characters_of: Noun::unchanging("{list}のいずれか {n} 文字", "{list}のいずれかの文字"),
        characters_but: Noun::unchanging("{list}以外の {n} 文字", "{list}以外の文字"),
        digits: Noun::unchanging("数字 {n} 桁", "数字"),
        digits_from: Noun::unchanging("{first}～{last} の数字 {n} 桁", "{first}～{last} の数字"),
        capitals: Noun::unchanging(
            "英大文字（{first}～{last}）{n} 文字",
            "英大文字（{first}～{last}）",
        ),
        small_letters: Noun::unchanging(
            "英小文字（{first}～{last}）{n} 文字",
            "英小文字（{first}～{last}）",
        ),
        letters: Noun::unchanging("英字（{first}～{last}）{n} 文字", "英字（{first}～{last}）"),
        letters_of_either_case: Noun::unchanging(
            "英字（{first}～{last}、大文字・小文字とも可）{n} 文字",
            "英字（{first}～{last}、大文字・小文字とも可）",
        ),
        any_words: Noun::unchanging(
            "文字・数字・下線（あらゆる言語）{n} 文字",
            "文字・数字・下線（あらゆる言語）",
        ),
        any_letters: Noun::unchanging("あらゆる言語の文字 {n} 文字", "あらゆる言語の文字"),
        any_capitals: Noun::unchanging("あらゆる言語の大文字 {n} 文字", "あらゆる言語の大文字"),
        any_small_letters: Noun::unchanging(
            "あらゆる言語の小文字 {n} 文字",
            "あらゆる言語の小文字",
        ),
        any_digits: Noun::unchanging("あらゆる言語の数字 {n} 桁", "あらゆる言語の数字"),
        spaces: Noun::unchanging("空白 {n} 文字", "空白"),
        han: Noun::unchanging("漢字 {n} 文字", "漢字"),
        hiragana: Noun::unchanging("ひらがな {n} 文字", "ひらがな"),
        katakana: Noun::unchanging("カタカナ {n} 文字", "カタカナ"),
    },
    places: Places {
        start: "コードの先頭",
        end: "コードの末尾",
        word_edge: "単語（A～Z、a～z、0～9、「_」の並び）の始まりまたは終わり",
        no_word_edge: "単語（A～Z、a～z、0～9、「_」の並び）の始まりでも終わりでもない位置",
        word_start: "単語（A～Z、a～z、0～9、「_」の並び）の始まり",
        word_end: "単語（A～Z、a～z、0～9、「_」の並び）の終わり",
        not_after_word: "直前に A～Z、a～z、0～9、「_」がない位置",
        not_before_word: "直後に A～Z、a～z、0～9、「_」がない位置",
    },
    in_order: "次の順：",
    one_of_these: "次のいずれか：",
    optionally_this: "次の内容（なくても可）：",
    this_times: "次の繰り返し（{times}）：",

    is: "コードは{what}です。",
    takes_the_form: "コードの形は次のとおりです：{what}。",
    consists_of: "コードは次の順に並びます：{what}。",
    starts_with: "コードは{what}で始まります。その後は何が続いても、何も続かなくてもかまいません。",
    ends_with: "コードは{what}で終わります。その前には何があっても、何もなくてもかまいません。",
    contains: "コードには{what}が含まれます。その前後には何があっても、何もなくてもかまいません。",
    starts_and_ends_with: "コードは{first}で始まり、{last}で終わります。その間には何があっても、何もなくてもかまいません。",
    every_code: "すべてのコードが一致します。",
    has_parts: "コードは次の {n} 個の部分が、この順に並んだものです：",
    has_forms: "コードは次の {n} 通りのいずれかです：",
    repeats: "コードは次の内容の繰り返しです（{times}）：",
    case_exact: "大文字と小文字は区別されます。",
    case_any: "大文字と小文字は区別されません。",
    case_mixed: "大文字と小文字は、「とも可」とある部分を除いて区別されます。",
    whole_closed: "コード全体が一致する必要があります。前後にほかの文字があってはいけません。",
    whole_open: "コード全体が照合されます。ほかの文字を入れられるのは、上に示した場所だけです。",

    search_finds: "コードの一部を検索するシステムでは{code}も一致しますが、ここではコード全体が一致する必要があります。ほかの文字を許す場所には `.*` を加えてください。",
    search_finds_more: "コードの一部を検索するシステムではより多くのコードが一致しますが、ここではコード全体が一致する必要があります。ほかの文字を許す場所には `.*` を加えてください。",
    large_class: "`{class}` は対象の文字が多いため、スナップショットが一度だけ {size} バイト大きくなります。`[A-Z0-9]` のように、必要な文字を指定してください。",
    never_typed: "入力できるコードで一致するものは見つかりませんでした。入力されたコードは、① を 1、Ａ を A とするように整えられます。整えた後の文字でパターンを書いてください。",

    refusals: Refusals {
        at_character: "{n} 文字目：{reason}",
        too_long: Told {
            reason: "パターンが長すぎます。{length} 文字を超えています。",
            remedy: "短くするか、複数のパターンに分けてください。コードは最大 {n} 文字です。",
        },
        look_around: Told {
            reason: "`(?=…)` や `(?<!…)` のように前後を調べることは、ここではできません。",
            remedy: "代わりにコード全体の形を書いてください。SUMMER で始まるコードなら `SUMMER.*` です。",
        },
        back_reference: Told {
            reason: "`\\1` のように前の文字列をもう一度求めることは、ここではできません。",
            remedy: "繰り返す文字列をそのまま書いてください。",
        },
        group_unopened: Told {
            reason: "この `)` に対応する `(` がありません。",
            remedy: "前に `(` を置くか、文字そのものなら `\\)` と書いてください。",
        },
        group_unclosed: Told {
            reason: "この `(` が閉じられていません。",
            remedy: "`)` で閉じるか、文字そのものなら `\\(` と書いてください。",
        },
        group_name: Told {
            reason: "このグループの名前を読み取れません。",
            remedy: "名前を省いてください。`(` と `)` だけで足ります。",
        },
        class_unclosed: Told {
            reason: "この `[` が閉じられていません。",
            remedy: "`]` で閉じるか、文字そのものなら `\\[` と書いてください。",
        },
        class_range: Told {
            reason: "この範囲は、両端が 1 文字でないか、順序が逆です。",
            remedy: "`[A-Z]` や `[0-9]` のように、小さいほうを先にして 1 文字ずつ書いてください。",
        },
        class_unknown: Told {
            reason: "この名前の文字クラスはありません。",
            remedy: "`[A-Z0-9]` のように、文字を指定してください。",
        },
        repetition_missing: Told {
            reason: "この記号の前に、繰り返すものがありません。",
            remedy: "繰り返すものの後ろに置くか、文字そのものなら `\\*`、`\\+`、`\\?` と書いてください。",
        },
        repetition_count: Told {
            reason: "この繰り返しの数を読み取れないか、順序が逆です。",
            remedy: "数を 1 つ、または小さいほうを先にして 2 つ書いてください（例：`{example}`）。",
        },
        escape: Told {
            reason: "この `\\` は、後に続く文字と組み合わせられません。",
            remedy: "`\\` そのものは `\\\\` と書き、文字の前では省いてください。",
        },
        flags: Told {
            reason: "このフラグを読み取れません。",
            remedy: "大文字と小文字を区別しない場合は、先頭に `(?i)` と書いてください。",
        },
        word_edge: Told {
            reason: "単語の境界についてのこの条件を読み取れません。",
            remedy: "`(?-u:\\b)` と書いてください。",
        },
        bytes: Told {
            reason: "文字ではないバイトに一致します。",
            remedy: "`(?-u)` を使わず、文字そのものを書いてください。",
        },
        too_deep: Told {
            reason: "かっこの入れ子が深すぎます。",
            remedy: "かっこを減らしてください。",
        },
        unicode_word: Told {
            reason: "`\\b` には、あらゆる言語の単語の知識が必要です。",
            remedy: "`(?-u:\\b)` と書いてください。A～Z、a～z、0～9、「_」の並びを単語とみなします。",
        },
        too_large: Told {
            reason: "パターンが大きすぎます。表が {size} バイトを超えます。",
            remedy: "繰り返しを減らすか、複数のパターンに分けてください。",
        },
        too_large_for: Told {
            reason: "パターンが大きすぎます。`{repetition}` のために、表が {size} バイトを超えます。",
            remedy: "繰り返しを減らすか、複数のパターンに分けてください。",
        },
        too_many_kinds: Told {
            reason: "A～Z 以外の文字を細かく区別しすぎています。",
            remedy: "複数のパターンに分けてください。",
        },
        no_code: Told {
            reason: "一致するコードがありません。コードは 1～{n} 文字で、見えない文字や制御文字を含まず、両端に空白がありません。",
            remedy: "`SUMMER[0-9]*` のように、コードの文字を指定してください。",
        },
    },

    matching: "一致する例",
    not_matching: "一致しない例",
    notes: "注意",
};
