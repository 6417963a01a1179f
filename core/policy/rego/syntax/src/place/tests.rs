use super::{LineIndex, Place};

fn place(text: &str, offset: u32) -> (u32, u32) {
    let Place { line, column } = LineIndex::new(text).place(offset);
    (line, column)
}

#[test]
fn lines_and_columns_begin_at_one() {
    assert_eq!(place("", 0), (1, 1));
    assert_eq!(place("abc", 0), (1, 1));
    assert_eq!(place("a\nbc", 2), (2, 1));
    assert_eq!(place("a\nbc", 3), (2, 2));
}

#[test]
fn a_line_end_belongs_to_its_line() {
    assert_eq!(place("a\r\nb", 1), (1, 2));
    assert_eq!(place("a\r\nb", 2), (1, 3));
    assert_eq!(place("a\r\nb", 3), (2, 1));
}

#[test]
fn columns_count_characters() {
    let text = "é😀x";
    assert_eq!(place(text, 0), (1, 1));
    assert_eq!(place(text, 1), (1, 1));
    assert_eq!(place(text, 2), (1, 2));
    assert_eq!(place(text, 5), (1, 2));
    assert_eq!(place(text, 6), (1, 3));
}

#[test]
fn behind_the_text_is_its_end() {
    assert_eq!(place("a\nbc", 4), (2, 3));
    assert_eq!(place("a\nbc", 400), (2, 3));
    assert_eq!(place("a\n", 2), (2, 1));
}

#[test]
fn a_byte_order_mark_is_no_column() {
    assert_eq!(place("\u{feff}package a", 3), (1, 1));
    assert_eq!(place("\u{feff}package a", 11), (1, 9));
}

#[test]
fn a_line_is_given_without_its_end() {
    let index = LineIndex::new("a\r\nb\n\nc");
    assert_eq!(
        [0, 1, 2, 3, 4, 5].map(|line| index.line(line)),
        [None, Some("a"), Some("b"), Some(""), Some("c"), None]
    );
}
