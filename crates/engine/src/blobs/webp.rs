//! What is in a WebP file besides the picture, left out: Exif, XMP and chunks that nobody knows.
//! Source: the WebP container specification (developers.google.com/speed/webp/docs/riff_container).

use super::picture::{Cleaned, orientation, which_side_is_up};

/// The flags of an extended file that say what is left out.
const EXIF_FLAG: u8 = 0x08;
const XMP_FLAG: u8 = 0x04;

/// A chunk: its name, and what is in it.
type Chunk<'a> = (&'a [u8], &'a [u8]);

/// A WebP file without what is not the picture; `None` where it cannot be read as one.
pub(super) fn cleaned(file: &[u8]) -> Option<Cleaned> {
    let length = u32::from_le_bytes(file.get(4..8)?.try_into().ok()?) as usize;
    let body = file.get(12..length.checked_add(8)?)?;
    let chunks = chunks(body)?;
    let size = chunks.iter().find_map(|(name, data)| size(name, data))?;
    let exif = chunks.iter().find(|(name, _)| *name == b"EXIF").map(|(_, data)| *data);
    let up = exif.and_then(|data| orientation(data.strip_prefix(b"Exif\0\0").unwrap_or(data)));
    // Which side is up, as a TIFF structure of its own.
    let up = up.filter(|up| (2..=8).contains(up)).map(|up| which_side_is_up(up)[10..].to_vec());
    let mut out = b"WEBP".to_vec();
    for (name, data) in chunks {
        match name {
            b"VP8X" => {
                let mut head = data.to_vec();
                let flags = head.first_mut()?;
                *flags &= !(EXIF_FLAG | XMP_FLAG);
                *flags |= if up.is_some() { EXIF_FLAG } else { 0 };
                push(&mut out, name, &head);
            }
            b"ANMF" => push(&mut out, name, &frame(data)?),
            b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" | b"ICCP" => push(&mut out, name, data),
            _ => {}
        }
    }
    if let Some(up) = up {
        push(&mut out, b"EXIF", &up);
    }
    let length = u32::try_from(out.len()).ok()?.to_le_bytes();
    Some(Cleaned { bytes: [b"RIFF".as_slice(), &length, &out].concat(), size })
}

/// One picture of an animation: its place and time, and the chunks that draw it.
fn frame(data: &[u8]) -> Option<Vec<u8>> {
    let (head, body) = data.split_at_checked(16)?;
    let mut out = head.to_vec();
    for (name, data) in chunks(body)? {
        if matches!(name, b"VP8 " | b"VP8L" | b"ALPH") {
            push(&mut out, name, data);
        }
    }
    Some(out)
}

fn chunks(mut body: &[u8]) -> Option<Vec<Chunk<'_>>> {
    let mut found = Vec::new();
    while !body.is_empty() {
        let length = u32::from_le_bytes(body.get(4..8)?.try_into().ok()?) as usize;
        let data = body.get(8..length.checked_add(8)?)?;
        found.push((&body[..4], data));
        // Chunks begin at even places; the last one may lack its filler.
        body = body.get(8 + length + length % 2..).unwrap_or_default();
    }
    Some(found)
}

fn push(out: &mut Vec<u8>, name: &[u8], data: &[u8]) {
    out.extend_from_slice(name);
    out.extend_from_slice(&u32::try_from(data.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(data);
    out.extend(std::iter::repeat_n(0, data.len() % 2));
}

/// Width and height, as the first chunk says them.
fn size(name: &[u8], data: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize, bytes: usize| {
        let bytes = data.get(at..at + bytes)?;
        Some(bytes.iter().rev().fold(0_u32, |number, byte| (number << 8) | u32::from(*byte)))
    };
    match name {
        b"VP8X" => Some((number(4, 3)? + 1, number(7, 3)? + 1)),
        b"VP8 " => Some((number(6, 2)? & 0x3fff, number(8, 2)? & 0x3fff)),
        b"VP8L" => {
            let bits = number(1, 4)?;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
        let mut body = b"WEBP".to_vec();
        for (name, data) in chunks {
            push(&mut body, *name, data);
        }
        [b"RIFF".as_slice(), &u32::try_from(body.len()).unwrap().to_le_bytes(), &body].concat()
    }

    /// The head of an extended file of 3 by 2.
    fn extended(flags: u8) -> Vec<u8> {
        vec![flags, 0, 0, 0, 2, 0, 0, 1, 0, 0]
    }

    /// Where it was, and which side is up.
    fn telephone(up: u8) -> Vec<u8> {
        let mut data = b"II*\0\x08\0\0\0\x01\0".to_vec();
        data.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, up, 0, 0, 0]);
        data.extend_from_slice(b"GPS 43.0731 N 89.4012 W");
        data
    }

    #[test]
    fn a_picture_keeps_its_side_and_its_colours_and_loses_its_place() {
        let drawn = (b"VP8L", b"odd".to_vec());
        let profile = (b"ICCP", b"colours".to_vec());
        let told = [
            (b"VP8X", extended(0x2c)),
            profile.clone(),
            drawn.clone(),
            (b"EXIF", telephone(6)),
            (b"XMP ", b"by Bo".to_vec()),
            (b"ours", b"a maker's own".to_vec()),
        ];
        let mut whole = file(&told);
        whole.extend_from_slice(b"and more behind the end");
        let clean = cleaned(&whole).unwrap();
        let up = (b"EXIF", which_side_is_up(6)[10..].to_vec());
        assert_eq!(clean.size, (3, 2));
        assert_eq!(clean.bytes, file(&[(b"VP8X", extended(0x28)), profile.clone(), drawn.clone(), up]));
        assert_eq!(cleaned(&clean.bytes).unwrap(), clean, "a clean picture stays as it is");
        let upright = [(b"VP8X", extended(0x28)), profile.clone(), drawn.clone(), (b"EXIF", telephone(1))];
        let expected = file(&[(b"VP8X", extended(0x20)), profile, drawn]);
        assert_eq!(cleaned(&file(&upright)).unwrap().bytes, expected);
    }

    #[test]
    fn the_frames_of_an_animation_are_cleaned_too() {
        let place = vec![1; 16];
        let mut frame = place.clone();
        push(&mut frame, b"VP8L", b"drawn");
        let mut told = frame.clone();
        push(&mut told, b"note", b"by Bo");
        let animation = |frame| file(&[(b"VP8X", extended(2)), (b"ANIM", vec![0; 6]), (b"ANMF", frame)]);
        assert_eq!(cleaned(&animation(told)).unwrap().bytes, animation(frame));
    }

    #[test]
    fn plain_files_say_their_size_in_the_picture() {
        let lossy = [&[0_u8; 6][..], &[5, 0x40, 7, 0]].concat();
        assert_eq!(cleaned(&file(&[(b"VP8 ", lossy)])).unwrap().size, (5, 7));
        let lossless = [&[0x2f][..], &(4_u32 | 6 << 14).to_le_bytes()].concat();
        assert_eq!(cleaned(&file(&[(b"VP8L", lossless)])).unwrap().size, (5, 7));
    }

    #[test]
    fn a_damaged_picture_is_refused_wherever_it_is_cut() {
        let whole = file(&[(b"VP8X", extended(0)), (b"VP8L", b"even".to_vec())]);
        assert!(cleaned(&whole).is_some());
        for end in 0..whole.len() {
            assert_eq!(cleaned(&whole[..end]), None, "{end} of {}", whole.len());
        }
    }
}
