//! Texts as searches compare them: without regard to case or to how characters are composed.

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizer, DecomposingNormalizer};

/// The text for comparison: two texts that differ only in case, or in whether an accented letter
/// is one character or two, become the same (canonical caseless matching: Unicode 17, D145), and
/// the result is composed, so that `e` is not a part of `é`.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let decomposed = DecomposingNormalizer::new_nfd().normalize(text);
    let folded = CaseMapper::new().fold_string(&decomposed);
    ComposingNormalizer::new_nfc().normalize(&folded).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_and_composition_make_no_difference() {
        for (a, b) in [
            ("Ada", "aDA"),
            ("Å", "a\u{30a}"),
            ("STRASSE", "straße"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("İ", "i\u{307}"),
            ("Ёлка", "ёЛКА"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} and {b}");
        }
        assert!(!fold("José").contains(&fold("jose")));
        assert_eq!(fold("100%_sure"), "100%_sure");
    }

    proptest! {
        #[test]
        fn folding_again_changes_nothing(text in "\\PC{0,20}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }

        #[test]
        fn upper_and_lower_case_fold_to_the_same(text in "[a-zA-Zäöüßéèñçа-яΑ-Ω]{0,20}") {
            prop_assert_eq!(fold(&text.to_uppercase()), fold(&text.to_lowercase()));
        }
    }
}
