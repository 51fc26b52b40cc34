//! The elements of one long list in a JSON file, one by one in constant memory.

use std::io::BufRead;

/// The longest element, in bytes. More than that is no message.
const ELEMENT_MAX: usize = 1024 * 1024;

/// One element of the list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// The line on which it begins, counted from 1.
    pub(super) line: u64,
    /// Its bytes; cut off where it is longer than an element may be.
    pub(super) bytes: Vec<u8>,
    /// Whether it was cut off.
    pub(super) too_long: bool,
}

/// Reads the elements of a list. Whatever stands before and behind it is passed over.
#[derive(Debug)]
pub(super) struct Pieces<R> {
    reader: R,
    line: u64,
    /// Whether the begin of the list was found.
    inside: bool,
}

impl<R: BufRead> Pieces<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, line: 1, inside: false }
    }

    fn byte(&mut self) -> std::io::Result<Option<u8>> {
        let mut one = [0];
        let read = self.reader.read(&mut one)?;
        self.line += u64::from(read == 1 && one[0] == b'\n');
        Ok((read == 1).then_some(one[0]))
    }

    /// Goes to the begin of the list: the file's own, or that of the first property at the top whose
    /// name `wanted` takes. `false` where there is none.
    pub(super) fn find(&mut self, wanted: fn(&str) -> bool) -> std::io::Result<bool> {
        let (mut depth, mut name, mut after_colon) = (0_u32, String::new(), false);
        while let Some(byte) = self.byte()? {
            match byte {
                b'"' => {
                    let text = self.string()?;
                    if depth == 1 && !after_colon {
                        name = text;
                    }
                }
                b':' => after_colon = true,
                b',' => after_colon = false,
                b'[' if depth == 0 || (depth == 1 && after_colon && wanted(&name)) => {
                    self.inside = true;
                    return Ok(true);
                }
                b'{' | b'[' => (depth, after_colon) = (depth + 1, false),
                b'}' | b']' => (depth, after_colon) = (depth.saturating_sub(1), false),
                _ => {}
            }
        }
        Ok(false)
    }

    /// The rest of a string whose opening quote was read; at most 1,000 bytes of it are kept.
    fn string(&mut self) -> std::io::Result<String> {
        let (mut text, mut escaped) = (Vec::new(), false);
        while let Some(byte) = self.byte()? {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => break,
                _ => {}
            }
            if text.len() < 1_000 {
                text.push(byte);
            }
        }
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// The next element; `None` at the end of the list or of the file.
    pub(super) fn next(&mut self) -> std::io::Result<Option<Piece>> {
        if !self.inside {
            return Ok(None);
        }
        let mut piece = Piece { line: self.line, bytes: Vec::new(), too_long: false };
        let (mut depth, mut in_string, mut escaped) = (0_u32, false, false);
        while let Some(byte) = self.byte()? {
            if piece.bytes.is_empty() && (byte.is_ascii_whitespace() || byte == b',') {
                continue;
            }
            if piece.bytes.is_empty() {
                piece.line = self.line;
            }
            if in_string {
                (in_string, escaped) = (byte != b'"' || escaped, byte == b'\\' && !escaped);
            } else {
                match byte {
                    b'"' => in_string = true,
                    b'{' | b'[' => depth += 1,
                    b']' if depth == 0 => {
                        self.inside = false;
                        return Ok((!piece.bytes.is_empty()).then_some(piece));
                    }
                    b'}' | b']' => depth = depth.saturating_sub(1),
                    b',' if depth == 0 => return Ok(Some(piece)),
                    _ => {}
                }
            }
            if piece.bytes.len() < ELEMENT_MAX {
                piece.bytes.push(byte);
            } else {
                piece.too_long = true;
            }
        }
        self.inside = false;
        Ok((!piece.bytes.is_empty()).then_some(piece))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(file: &str, wanted: fn(&str) -> bool) -> Vec<(u64, String)> {
        let mut pieces = Pieces::new(file.as_bytes());
        assert!(pieces.find(wanted).unwrap());
        std::iter::from_fn(|| pieces.next().unwrap())
            .map(|piece| (piece.line, String::from_utf8(piece.bytes).unwrap()))
            .collect()
    }

    #[test]
    fn the_elements_of_the_wanted_list_come_one_by_one() {
        let file = "{\"@context\": [\"x\"], \"odd \\\" [\": {\"items\": [1]},\n \"items\": [ {\"a\": \"]},\\\"\"},\n\n [2], 3 ]}";
        let found = pieces(file, |name| name == "items");
        assert_eq!(
            found.iter().map(|(line, text)| (*line, text.trim())).collect::<Vec<_>>(),
            [(2, "{\"a\": \"]},\\\"\"}"), (4, "[2]"), (4, "3")],
        );
    }

    #[test]
    fn a_list_at_the_top_needs_no_name_and_what_stands_before_is_passed_over() {
        assert_eq!(pieces("window.YTD.tweets.part0 = [ 1 ,2]", |_| false).len(), 2);
        assert!(!Pieces::new(&b"{\"a\": 1}"[..]).find(|_| true).unwrap());
    }

    #[test]
    fn a_file_that_is_cut_off_gives_what_it_has() {
        assert_eq!(pieces("[{\"a\": 1}, {\"b\": ", |_| false)[1].1, "{\"b\": ");
    }
}
