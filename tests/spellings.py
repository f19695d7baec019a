"""Names as written down and as typed, in one table for both search and linkage. All are invented."""

from __future__ import annotations

# Two spellings of the same name whose words must fold to the same result.
SAME: tuple[tuple[str, str], ...] = (
    # Latin: letters with a stroke, ligatures, accents
    *(("Đặng Lan", "Dang Lan"), ("Łucja", "Lucja"), ("Søren Ek", "Soren Ek"), ("Işıl Ak", "Isil Ak"), ("İpek", "ipek")),
    *(
        ("Weiß", "Weiss"),
        ("Ægir", "Aegir"),
        ("Þóra", "Thora"),
        ("Ħelu", "Helu"),
        ("Ŋaba", "Ngaba"),
        ("Œuvre", "Oeuvre"),
    ),
    *(("Ɓako Ɗan", "Bako Dan"), ("Əli", "Eli"), ("Ñandú", "nandu"), ("Nguyễn Thị Hạnh", "Nguyen Thi Hanh")),
    *(("ＭＡＲＩＡ", "Maria"), ("Ma\u200bri\u200da", "Maria"), ("Mar\u00adta", "Marta"), ("ﬁona", "Fiona")),
    # All kinds of apostrophes and hyphens, or none
    *((f"O{sign}Brien", "OBrien") for sign in "'’‘ʼʻ´`′ꞌ＇ʹ "),
    *((f"K{sign}iche{sign}", "Kiche") for sign in "'’ʼꞌ"),
    *((f"Jean{sign}Luc", "Jeanluc") for sign in "-‐‑–− "),
    *((f"Jean{sign}Luc", "Jean Luc") for sign in "-‐‑–"),
    *(("Mc Allister", "McAllister"), ("de la Vega", "Delavega"), ("ʻOkina", "Okina")),
    # Cyrillic, Greek, Armenian, Georgian
    *(("Фёдор", "ФЕДОР"), ("Ма\u0301рия", "Мария"), ("Ελένη", "ΕΛΕΝΗ"), ("Γιώργος", "ΓΙΩΡΓΟΣ"), ("Հայկ", "ՀԱՅԿ")),
    *(("გიორგი", "ᲒᲘᲝᲠᲒᲘ"), ("Ісак", "ІСАК")),
    # Arabic and Persian, Urdu, Kurdish; Hebrew and Yiddish; Syriac, Thaana, N'Ko
    *(("فاطمة", "فاطمه"), ("ليلى", "ليلي"), ("محـمد", "محمد"), ("أحمد", "احمد"), ("إيمان", "ايمان"), ("آمنة", "امنه")),
    *(
        ("مُحَمَّد", "محمد"),
        ("کریم", "كريم"),
        ("یوسف", "يوسف"),
        ("زہرا", "زهرا"),
        ("عبد الله", "عبدالله"),
        ("زهراء", "زهرا"),
    ),
    *(("ﻓﺎﻃﻤﺔ", "فاطمة"), ("שָׂרָה", "שרה"), ("צ׳רלי", "צרלי"), ("װאָלף", "וואלף"), ("ܡܰܪܝܰܡ", "ܡܪܝܡ"), ("ߞߊ߬ߡߊ", "ߞߊߡߊ")),
    # Indic scripts: with and without composed letters, nukta and joiners
    *(("ज़ोया", "जोया"), ("क़ादिर", "कादिर"), ("चाँद", "चांद"), ("সুনীতা", "সুনী\u200cতা"), ("ਸ਼ਰਮਾ", "ਸਰਮਾ"), ("ଓଡ଼ିଆ", "ଓଡିଆ")),
    *(("അവൻ", "അവന്"), ("கோமதி", "கோமதி"), ("లక్ష్మి", "లక్\u200cష్మి"), ("ಕೋಮಲ", "ಕೋಮಲ")),
    # Burmese, Khmer, Thai, Lao, Tibetan
    *(
        ("ဦးဝင်း", "ဥ\u102eးဝင်း"),
        ("၀င်း", "ဝင်း"),
        ("សុខ\u200bា", "សុខា"),
        ("น้ำฝน", "น้\u0e4d\u0e32ฝน"),
        ("ຄຳ", "ຄ\u0ecd\u0eb2"),
    ),
    *(("བསྟན་འཛིན", "བསྟནའཛིན"), ("བསྟན་འཛིན་", "བསྟན༌འཛིན")),
    # Ethiopic, Japanese, Korean, Chinese
    *(("ሐና", "ሃና"), ("ፀሐይ", "ጸሀይ"), ("サクラ", "さくら"), ("ｻｸﾗ", "サクラ"), ("ﾊﾞﾗ", "バラ"), ("김영희", "김영희")),
    *(("王 小明", "王小明"), ("神", "神"), ("葛󠄀城", "葛城")),
)

# Two names that differ only slightly and must stay different.
APART: tuple[tuple[str, str], ...] = (
    *(("सीता", "गीता"), ("सीता", "सुता"), ("గీత", "సీత"), ("သီတာ", "သူတာ"), ("មករា", "មេករា"), ("กานดา", "กันดา")),
    *(
        ("王小明", "王大明"),
        ("李丽", "李莉"),
        ("김영희", "김영수"),
        ("Анна", "Инна"),
        ("فاطمة", "فطيمة"),
        ("שרה", "שרון"),
    ),
    *(
        ("ሰላም", "ሰለመ"),
        ("Maria", "Mario"),
        ("O'Brien", "Brien"),
        ("さくら", "さくや"),
        ("བསྟན", "བསོད"),
        ("王小明", "Wang Xiaoming"),
    ),
    *(("王小明", "Wang Xiaoming"), ("Иванова", "Ivanova"), ("தமிழ்", "தாமரை"), ("ሐና", "ሐኒ"), ("ສົມ", "ສີມ")),
)

# One name in each script that people's names use. A search for exactly this name must find it.
SCRIPTS: dict[str, str] = {
    "Latin": "Ximena Prado",
    "Cyrillic": "Иванова",
    "Greek": "Ελένη",
    "Armenian": "Հայկ",
    "Georgian": "გიორგი",
    "Hebrew": "שרה",
    "Arabic": "فاطمة",
    "Syriac": "ܡܪܝܡ",
    "Thaana": "ސާރާ",
    "N'Ko": "ߞߊߡߊ",
    "Devanagari": "सीता",
    "Bengali": "সুনীতা",
    "Gurmukhi": "ਸਿੰਘ",
    "Gujarati": "ગીતા",
    "Odia": "ଗୀତା",
    "Tamil": "தமிழ்",
    "Telugu": "సీత",
    "Kannada": "ಗೀತಾ",
    "Malayalam": "മീര",
    "Sinhala": "නිමල්",
    "Thai": "กิตติ",
    "Lao": "ບຸນມີ",
    "Tibetan": "བསྟན་འཛིན",
    "Burmese": "ခင်ခင်",
    "Khmer": "សុខា",
    "Ethiopic": "ሰላም",
    "Hangul": "김영희",
    "Hiragana": "さくら",
    "Katakana": "サクラ",
    "Han": "王小明",
    "Cherokee": "ᏣᎳᎩ",
    "Inuktitut": "ᐊᓇ",
    "Tifinagh": "ⵜⴰⵔⴰ",
    "Mongolian": "ᠰᠠᠷᠠ",
    "Adlam": "𞤀𞤥𞤢",
    "Hmong": "𖬌𖬣𖬵",
    "Yi": "ꆈꌠ",
    "Lisu": "ꓡꓲ",
    "Osage": "𐓏𐓘",
    "Vai": "ꕉꕜ",
    "Balinese": "ᬓᬢᬸᬢ᭄",
    "Javanese": "ꦱꦫꦶ",
    "Meitei": "ꯂꯩꯃ",
    "Ol Chiki": "ᱥᱟᱱᱛᱟᱲ",
}
