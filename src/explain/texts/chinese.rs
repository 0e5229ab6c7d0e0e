//! Chinese, in simplified characters.

use super::{Noun, Nouns, Phrases, Places, Refusals, Told};

pub(super) const PHRASES: Phrases = Phrases {
    quoted: "“{text}”",
    range: "{first}–{last}",
    comma: "、",
    or: "或",
    and: "、",
    space: "空格",
    kind: "{bare}",
    others: "其他 {n} 个",

    exactly: "{counted}",
    between: "{least} 到 {most}",
    at_least: "至少 {counted}",
    any_number: "任意数量的{bare}（可以没有）",
    times: "{n} 次",
    once_or_more: "至少 1 次",
    any_times: "任意次，可以没有",
    optional: "{what}（可有可无）",
    repeated: "{what}重复出现（{times}）",

    then: "；",
    group: "〔{what}〕",
    anything: "任意内容（可以没有）",
    either_case: "{what}（大小写均可）",
    nouns: Nouns {
        characters: Noun::unchanging("{n} 个任意字符", "任意字符"),
        characters_of: Noun::unchanging("{n} 个字符（仅限：{list}）", "字符（仅限：{list}）"),
        characters_but: Noun::unchanging("{n} 个字符（不含：{list}）", "字符（不含：{list}）"),
        digits: Noun::unchanging("{n} 位数字", "数字"),
        digits_from: Noun::unchanging("{n} 位数字（{first}–{last}）", "数字（{first}–{last}）"),
        capitals: Noun::unchanging(
            "{n} 个大写字母（{first}–{last}）",
            "大写字母（{first}–{last}）",
        ),
        small_letters: Noun::unchanging(
            "{n} 个小写字母（{first}–{last}）",
            "小写字母（{first}–{last}）",
        ),
        letters: Noun::unchanging("{n} 个字母（{first}–{last}）", "字母（{first}–{last}）"),
        letters_of_either_case: Noun::unchanging(
            "{n} 个字母（{first}–{last}，大小写均可）",
            "字母（{first}–{last}，大小写均可）",
        ),
        any_words: Noun::unchanging(
            "{n} 个文字、数字或下划线（不限语言）",
            "文字、数字或下划线（不限语言）",
        ),
        any_letters: Noun::unchanging("{n} 个文字（不限语言）", "文字（不限语言）"),
        any_capitals: Noun::unchanging("{n} 个大写字母（不限语言）", "大写字母（不限语言）"),
        any_small_letters: Noun::unchanging("{n} 个小写字母（不限语言）", "小写字母（不限语言）"),
        any_digits: Noun::unchanging("{n} 位数字（不限语言）", "数字（不限语言）"),
        spaces: Noun::unchanging("{n} 个空格", "空格"),
        han: Noun::unchanging("{n} 个汉字", "汉字"),
        hiragana: Noun::unchanging("{n} 个平假名", "平假名"),
        katakana: Noun::unchanging("{n} 个片假名", "片假名"),
    },
    places: Places {
        start: "优惠码的开头",
        end: "优惠码的结尾",
        word_edge: "单词（由 A–Z、a–z、0–9 和“_”组成）的开头或结尾",
        no_word_edge: "既非单词（由 A–Z、a–z、0–9 和“_”组成）开头也非结尾的位置",
        word_start: "单词（由 A–Z、a–z、0–9 和“_”组成）的开头",
        word_end: "单词（由 A–Z、a–z、0–9 和“_”组成）的结尾",
        not_after_word: "前一个字符不是 A–Z、a–z、0–9 或“_”的位置",
        not_before_word: "后一个字符不是 A–Z、a–z、0–9 或“_”的位置",
    },
    in_order: "依次为：",
    one_of_these: "以下之一：",
    optionally_this: "以下内容（可有可无）：",
    this_times: "以下内容重复出现（{times}）：",

    is: "优惠码是{what}。",
    takes_the_form: "优惠码的形式为：{what}。",
    consists_of: "优惠码依次由以下部分组成：{what}。",
    starts_with: "优惠码以{what}开头，后面可以有任何内容，也可以没有。",
    ends_with: "优惠码以{what}结尾，前面可以有任何内容，也可以没有。",
    contains: "优惠码包含{what}，前后可以有任何内容，也可以没有。",
    starts_and_ends_with: "优惠码以{first}开头、以{last}结尾，中间可以有任何内容，也可以没有。",
    every_code: "任何优惠码都匹配。",
    has_parts: "优惠码依次由以下 {n} 部分组成：",
    has_forms: "优惠码是以下 {n} 种形式之一：",
    repeats: "优惠码由以下内容重复而成（{times}）：",
    case_exact: "区分大小写。",
    case_any: "不区分大小写。",
    case_mixed: "区分大小写，但注明“大小写均可”的部分除外。",
    whole_closed: "整个优惠码必须完全符合，前后不能有其他字符。",
    whole_open: "匹配时比较整个优惠码：只有上述位置可以有其他内容。",

    search_finds: "如果系统只在优惠码中查找此规则，{code}也会匹配；这里要求整个优惠码匹配。允许有其他内容的位置请加上 `.*`。",
    search_finds_more: "如果系统只在优惠码中查找此规则，会有更多优惠码匹配；这里要求整个优惠码匹配。允许有其他内容的位置请加上 `.*`。",
    large_class: "`{class}` 包含的字符很多，会使快照增大 {size} 字节（仅一次）。请列出需要的字符，例如 `[A-Z0-9]`。",
    never_typed: "没有找到可以输入并匹配的优惠码：输入的优惠码会先经过整理，例如 ① 变为 1，Ａ 变为 A。请用整理后的字符来写规则。",

    refusals: Refusals {
        at_character: "第 {n} 个字符：{reason}",
        too_long: Told {
            reason: "规则过长：超过 {length} 个字符。",
            remedy: "请缩短，或者拆分为多条规则：优惠码最多 {n} 个字符。",
        },
        look_around: Told {
            reason: "这里的规则不能像 `(?=…)` 和 `(?<!…)` 那样查看前后内容。",
            remedy: "请改为描述整个优惠码，例如用 `SUMMER.*` 表示以 SUMMER 开头的优惠码。",
        },
        back_reference: Told {
            reason: "这里的规则不能像 `\\1` 那样再次引用前面的内容。",
            remedy: "请直接写出重复的内容。",
        },
        group_unopened: Told {
            reason: "这个 `)` 没有对应的 `(`。",
            remedy: "请在前面加上 `(`；如果指字符本身，请写 `\\)`。",
        },
        group_unclosed: Told {
            reason: "这个 `(` 没有闭合。",
            remedy: "请用 `)` 闭合；如果指字符本身，请写 `\\(`。",
        },
        group_name: Told {
            reason: "无法识别这个分组的名称。",
            remedy: "请去掉名称，只用 `(` 和 `)` 即可。",
        },
        class_unclosed: Told {
            reason: "这个 `[` 没有闭合。",
            remedy: "请用 `]` 闭合；如果指字符本身，请写 `\\[`。",
        },
        class_range: Told {
            reason: "这个范围的两端不是单个字符，或者顺序颠倒。",
            remedy: "请写两个单个字符，较小的在前，例如 `[A-Z]` 或 `[0-9]`。",
        },
        class_unknown: Told {
            reason: "没有这个名称的字符类。",
            remedy: "请直接列出字符，例如 `[A-Z0-9]`。",
        },
        repetition_missing: Told {
            reason: "这个符号前面没有可以重复的内容。",
            remedy: "请把它放在要重复的内容之后；如果指字符本身，请写 `\\*`、`\\+` 或 `\\?`。",
        },
        repetition_count: Told {
            reason: "无法识别这个重复次数，或者顺序颠倒。",
            remedy: "请写一个数，或者两个数（较小的在前），例如 `{example}`。",
        },
        escape: Told {
            reason: "这个反斜杠不能用在后面的字符之前。",
            remedy: "反斜杠本身请写 `\\\\`，字母前面请不要加反斜杠。",
        },
        flags: Told {
            reason: "无法识别这些标志。",
            remedy: "如果不区分大小写，请在开头写 `(?i)`。",
        },
        word_edge: Told {
            reason: "无法识别这个单词边界条件。", remedy: "请写 `(?-u:\\b)`。"
        },
        bytes: Told {
            reason: "这会匹配不构成字符的字节。",
            remedy: "请直接写字符，不要使用 `(?-u)`。",
        },
        too_deep: Told { reason: "括号嵌套过深。", remedy: "请减少括号。" },
        unicode_word: Told {
            reason: "`\\b` 需要了解所有语言的单词。",
            remedy: "请写 `(?-u:\\b)`，它把 A–Z、a–z、0–9 和“_”视为单词的组成部分。",
        },
        too_large: Told {
            reason: "规则过大：它的表会超过 {size} 字节。",
            remedy: "请减少重复次数，或者拆分为多条规则。",
        },
        too_large_for: Told {
            reason: "规则过大：由于 `{repetition}`，它的表会超过 {size} 字节。",
            remedy: "请减少重复次数，或者拆分为多条规则。",
        },
        too_many_kinds: Told {
            reason: "规则区分了过多 A–Z 以外的字符。",
            remedy: "请拆分为多条规则。",
        },
        no_code: Told {
            reason: "没有匹配的优惠码：优惠码有 1 到 {n} 个字符，不含不可见字符或控制字符，两端没有空格。",
            remedy: "请列出优惠码包含的字符，例如 `SUMMER[0-9]*`。",
        },
    },

    matching: "匹配",
    not_matching: "不匹配",
    notes: "提示",
};
