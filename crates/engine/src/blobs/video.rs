//! What an MP4 or QuickTime file says of where, when and with what it was filmed, blanked.
//!
//! Nothing is moved, because a file says of its pictures and sounds at which byte they stand: boxes that
//! describe become free space of the same length, and times become zero. What a camera records as a
//! track of its own beside the pictures stays. Source: ISO/IEC 14496-12, QuickTime File Format.

/// The head of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// Its name.
    pub name: [u8; 4],
    /// How long the head is.
    pub head: u64,
    /// How long it is with its head; `None` to the end of the file.
    pub length: Option<u64>,
}

/// How many bytes the longest head has.
pub(super) const LONGEST_HEAD: u64 = 16;

/// Reads the head at the start of these bytes; `None` where there is none.
pub(super) fn head(bytes: &[u8]) -> Option<Head> {
    let name = bytes.get(4..8)?.try_into().ok()?;
    let short = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?);
    let (head, length) = match short {
        0 => (8, None),
        1 => (16, Some(u64::from_be_bytes(bytes.get(8..16)?.try_into().ok()?))),
        short => (8, Some(u64::from(short))),
    };
    length.is_none_or(|length| length >= head).then_some(Head { name, head, length })
}

/// Whether a box describes, wherever it stands.
pub(super) fn describes(name: [u8; 4]) -> bool {
    matches!(&name, b"udta" | b"meta" | b"uuid" | b"XMP_" | b"free" | b"skip" | b"wide" | b"pnot" | b"PICT")
}

/// Blanks what describes in the boxes that lie one behind the other in these bytes. Answers whether they
/// could be read to their end.
pub(super) fn blank(bytes: &mut [u8]) -> bool {
    let mut rest = bytes;
    while !rest.is_empty() {
        let Some(found) = head(rest) else { return false };
        let length = found.length.map_or(Some(rest.len()), |length| usize::try_from(length).ok());
        let Some((whole, behind)) = length.and_then(|length| rest.split_at_mut_checked(length)) else { return false };
        let (begin, inside) = whole.split_at_mut(if found.head == 16 { 16 } else { 8 });
        match &found.name {
            name if describes(*name) => {
                begin[4..8].copy_from_slice(b"free");
                inside.fill(0);
            }
            b"moov" | b"trak" | b"mdia" if !blank(inside) => return false,
            b"mvhd" | b"tkhd" | b"mdhd" => without_times(inside),
            _ => {}
        }
        rest = behind;
    }
    true
}

/// Sets to zero when something was made and changed: behind the version and the flags.
fn without_times(header: &mut [u8]) {
    let bytes = if header.first() == Some(&1) { 16 } else { 8 };
    if let Some(times) = header.get_mut(4..4 + bytes) {
        times.fill(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(name: &[u8; 4], inside: &[u8]) -> Vec<u8> {
        let length = u32::try_from(inside.len() + 8).unwrap().to_be_bytes();
        [length.as_slice(), name, inside].concat()
    }

    #[test]
    fn a_film_keeps_its_tracks_and_loses_its_place_and_time() {
        let header = |version: u8, times: &[u8]| [&[version, 0, 0, 0], times, b"rest"].concat();
        let place = boxed(b"udta", &boxed(b"\xa9xyz", b"+43.0731-089.4012/"));
        let track = |described: bool, times: &[u8]| {
            let media =
                boxed(b"mdia", &[boxed(b"mdhd", &header(1, &times.repeat(2))), boxed(b"minf", b"udta stays")].concat());
            let described = if described { boxed(b"meta", b"by Bo") } else { boxed(b"free", &[0; 5]) };
            boxed(b"trak", &[boxed(b"tkhd", &header(0, times)), media, described].concat())
        };
        let film = |times: &[u8], described: bool, place: Vec<u8>| {
            boxed(b"moov", &[boxed(b"mvhd", &header(0, times)), track(described, times), place].concat())
        };
        let mut bytes = film(b"yesterda", true, place.clone());
        let length = bytes.len();
        assert!(blank(&mut bytes));
        assert_eq!(bytes.len(), length, "nothing is moved");
        assert_eq!(bytes, film(&[0; 8], false, boxed(b"free", &vec![0; place.len() - 8])));
    }

    #[test]
    fn heads_are_read_in_all_their_forms() {
        let head_of = |bytes: &[u8]| head(bytes).map(|head| (head.head, head.length));
        assert_eq!(head_of(&[0, 0, 0, 9, b'f', b'r', b'e', b'e']), Some((8, Some(9))));
        assert_eq!(head_of(&[0, 0, 0, 0, b'm', b'd', b'a', b't']), Some((8, None)));
        let long = [&[0, 0, 0, 1], b"mdat".as_slice(), &20_u64.to_be_bytes()].concat();
        assert_eq!(head_of(&long), Some((16, Some(20))));
        for wrong in [&b"\0\0\0\x07free"[..], b"\0\0\0\x01mdat", b"\0\0", b""] {
            assert_eq!(head(wrong), None);
        }
        let short = [&[0, 0, 0, 1], b"mdat".as_slice(), &9_u64.to_be_bytes()].concat();
        assert_eq!(head(&short), None);
    }

    #[test]
    fn boxes_that_end_outside_are_no_film() {
        let mut cut = boxed(b"moov", &[0, 0, 0, 99, b't', b'r', b'a', b'k']);
        assert!(!blank(&mut cut));
        assert!(!blank(&mut [0, 0, 0, 9, b'f', b'r', b'e', b'e']));
        assert!(blank(&mut []));
    }
}
