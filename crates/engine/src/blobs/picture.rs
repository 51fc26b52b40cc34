//! What is in a picture file besides the picture, left out.
//!
//! Kept is what a viewer needs to show it rightly: the picture itself, its colour profile, its
//! transparency, its animation, and which side is up. Left out is everything else, above all Exif, XMP
//! and IPTC with place, time, camera and names, comments, previews, and what follows behind the end.
//! Sources: ITU-T T.81 annex B (JPEG), T.871 section 10 (JFIF), Exif 2.3 section 4, PNG third edition section 11.

use super::webp;

/// How a PNG file begins.
pub(super) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A picture without the rest.
#[derive(Debug, PartialEq, Eq)]
pub struct Cleaned {
    /// The file.
    pub bytes: Vec<u8>,
    /// Width and height in pixels, as they are stored.
    pub size: (u32, u32),
}

/// A JPEG, PNG or WebP file without what is not the picture; `None` where it cannot be read as one.
pub fn cleaned(file: &[u8]) -> Option<Cleaned> {
    match file {
        _ if file.starts_with(PNG) => png(file),
        _ if file.starts_with(b"RIFF") => webp::cleaned(file),
        _ => jpeg(file),
    }
}

/// Width and height of a GIF, from its first bytes.
pub(super) fn size_of_gif(head: &[u8]) -> Option<(u32, u32)> {
    let [b'G', b'I', b'F', _, _, _, w0, w1, h0, h1, ..] = *head else { return None };
    Some((u16::from_le_bytes([w0, w1]).into(), u16::from_le_bytes([h0, h1]).into()))
}

fn big_u16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

const EXIF: &[u8] = b"Exif\0\0";

fn jpeg(file: &[u8]) -> Option<Cleaned> {
    let mut out = file.get(..2).filter(|start| *start == [0xff, 0xd8])?.to_vec();
    let mut size = None;
    let mut at = 2;
    loop {
        let &[0xff, marker] = file.get(at..at + 2)? else { return None };
        match marker {
            // A marker may be filled up with further 0xff.
            0xff => at += 1,
            0xd9 => {
                out.extend_from_slice(&[0xff, 0xd9]);
                return Some(Cleaned { bytes: out, size: size? });
            }
            _ => {
                let length = usize::from(big_u16(file, at + 2)?);
                let segment = file.get(at..at + 2 + length).filter(|_| length >= 2)?;
                at += segment.len();
                out.extend(kept(marker, segment));
                if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
                    size = Some((big_u16(segment, 7)?.into(), big_u16(segment, 5)?.into()));
                }
                if marker == 0xda {
                    let scan = scan_length(file.get(at..)?)?;
                    out.extend_from_slice(&file[at..at + scan]);
                    at += scan;
                }
            }
        }
    }
}

/// What of a segment belongs to the picture. `segment` has its marker and its length in front.
fn kept(marker: u8, segment: &[u8]) -> Vec<u8> {
    let data = &segment[4..];
    match marker {
        // JFIF without its preview, which may show what was cut away.
        0xe0 => match data.get(..14) {
            Some(jfif) if jfif.starts_with(b"JFIF\0") => {
                [[0xff, 0xe0, 0, 16].as_slice(), &jfif[..12], &[0, 0]].concat()
            }
            _ => Vec::new(),
        },
        0xe1 => match data.strip_prefix(EXIF).and_then(orientation) {
            Some(up @ 2..=8) => which_side_is_up(up).to_vec(),
            _ => Vec::new(),
        },
        // The colour profile, and how Adobe stores colours.
        0xe2 if data.starts_with(b"ICC_PROFILE\0") => segment.to_vec(),
        0xee if data.starts_with(b"Adobe") => segment.to_vec(),
        // Tables, frames and scans.
        0xc0..=0xdf => segment.to_vec(),
        _ => Vec::new(),
    }
}

/// How long the coded data of a scan is: up to a marker that is neither a stuffed zero nor a restart.
fn scan_length(data: &[u8]) -> Option<usize> {
    data.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff))
}

/// Which side is up, of the first directory of a TIFF structure (tag 0x0112).
pub(super) fn orientation(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let u16_at = |at: usize| {
        let two: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let four: [u8; 4] = tiff.get(4..8)?.try_into().ok()?;
    let first = if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) } as usize;
    let entries = usize::from(u16_at(first)?);
    (0..entries).map(|n| first + 2 + n * 12).find(|&at| u16_at(at) == Some(0x0112)).and_then(|at| {
        let value = u16_at(at + 8)?;
        u8::try_from(value).ok()
    })
}

/// An Exif segment that says which side is up, and nothing else.
pub(super) fn which_side_is_up(up: u8) -> [u8; 36] {
    let mut segment = [0; 36];
    segment[..4].copy_from_slice(&[0xff, 0xe1, 0, 34]);
    segment[4..10].copy_from_slice(EXIF);
    segment[10..20].copy_from_slice(b"MM\0*\0\0\0\x08\0\x01");
    segment[20..28].copy_from_slice(&[0x01, 0x12, 0, 3, 0, 0, 0, 1]);
    segment[29] = up;
    segment
}

/// Chunks without which a picture is not shown as it was meant. The critical ones begin with a capital.
const PNG_KEPT: [&[u8]; 14] = [
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT", b"cICP",
    b"mDCV", b"cLLI",
];

fn png(file: &[u8]) -> Option<Cleaned> {
    let mut out = PNG.to_vec();
    let mut size = None;
    let mut at = PNG.len();
    loop {
        let length = u32::from_be_bytes(file.get(at..at + 4)?.try_into().ok()?) as usize;
        let chunk = file.get(at..at.checked_add(length)?.checked_add(12)?)?;
        let (name, data) = (&chunk[4..8], &chunk[8..8 + length]);
        at += chunk.len();
        if name == b"IHDR" {
            let side = |from: usize| Some(u32::from_be_bytes(data.get(from..from + 4)?.try_into().ok()?));
            size = Some((side(0)?, side(4)?));
        }
        if name[0].is_ascii_uppercase() || PNG_KEPT.contains(&name) {
            out.extend_from_slice(chunk);
        }
        if name == b"IEND" {
            return Some(Cleaned { bytes: out, size: size? });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
        let mut out = vec![0xff, marker];
        out.extend_from_slice(&u16::try_from(data.len() + 2).unwrap().to_be_bytes());
        out.extend_from_slice(data);
        out
    }

    /// Exif as a telephone writes it: which side is up, and where it was.
    fn telephone(up: u8) -> Vec<u8> {
        let mut data = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
        data.extend_from_slice(&[0x25, 0x88, 4, 0, 1, 0, 0, 0, 99, 0, 0, 0]);
        data.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, up, 0, 0, 0]);
        data.extend_from_slice(b"GPS 43.0731 N 89.4012 W");
        segment(0xe1, &data)
    }

    fn photograph(parts: &[Vec<u8>]) -> Vec<u8> {
        let mut file = vec![0xff, 0xd8];
        file.extend(parts.concat());
        file.extend(segment(0xc0, &[8, 0, 2, 0, 3, 1, 1, 0x11, 0]));
        file.extend(segment(0xda, &[1, 1, 0, 0, 63, 0]));
        // Coded data with a stuffed zero and a restart in it.
        file.extend_from_slice(&[1, 0xff, 0x00, 2, 0xff, 0xd0, 3, 0xff, 0xd9]);
        file
    }

    #[test]
    fn a_photograph_keeps_its_side_and_loses_its_place() {
        let profile = segment(0xe2, b"ICC_PROFILE\0\x01\x01colours");
        let jfif = |sides: [u8; 2]| [b"JFIF\0\x01\x02\x01\0\x48\0\x48".as_slice(), &sides].concat();
        let adobe = segment(0xee, b"Adobe\0\x64\0\0\0\0\x01");
        let parts = [
            segment(0xe0, &[jfif([1, 1]), b"rgb".to_vec()].concat()),
            segment(0xe0, b"JFXX\0\x10another preview"),
            telephone(6),
            segment(0xee, b"a maker's own"),
            adobe.clone(),
            segment(0xed, b"Photoshop"),
            segment(0xfe, b"by Bo"),
            profile.clone(),
        ];
        let mut file = photograph(&parts);
        file.extend_from_slice(b"a preview behind the end");
        let clean = cleaned(&file).unwrap();
        assert_eq!(clean.size, (3, 2));
        let expected = photograph(&[segment(0xe0, &jfif([0, 0])), which_side_is_up(6).to_vec(), adobe, profile]);
        assert_eq!(clean.bytes, expected);
        assert_eq!(cleaned(&clean.bytes).unwrap(), clean, "a clean picture stays as it is");
        let upright = cleaned(&photograph(&[telephone(1)])).unwrap();
        assert_eq!(upright.bytes, photograph(&[]), "upright is how a picture is shown anyway");
    }

    fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let mut out = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
        out.extend_from_slice(name);
        out.extend_from_slice(data);
        out.extend_from_slice(b"crc!");
        out
    }

    #[test]
    fn a_drawing_keeps_its_transparency_and_loses_its_texts() {
        let head = chunk(b"IHDR", &[0, 0, 0, 5, 0, 0, 0, 7, 8, 3, 0, 0, 0]);
        let (clear, data, end) = (chunk(b"tRNS", &[0]), chunk(b"IDAT", b"zz"), chunk(b"IEND", b""));
        let texts = [chunk(b"tEXt", b"Author\0Bo"), chunk(b"eXIf", b"MM"), chunk(b"tIME", b"1234567")].concat();
        let file = [PNG, &head, &texts, &clear, &data, &end, b"and more"].concat();
        let clean = cleaned(&file).unwrap();
        assert_eq!(clean.size, (5, 7));
        assert_eq!(clean.bytes, [PNG, &head, &clear, &data, &end].concat());
    }

    #[test]
    fn a_damaged_picture_is_refused_wherever_it_is_cut() {
        for file in [photograph(&[telephone(6)]), [PNG, &chunk(b"IHDR", &[0; 13]), &chunk(b"IEND", b"")].concat()] {
            assert!(cleaned(&file).is_some());
            for end in 0..file.len() {
                assert_eq!(cleaned(&file[..end]), None, "{end} of {}", file.len());
            }
        }
        assert_eq!(cleaned(&[PNG, &[0xff; 40]].concat()), None, "a length beyond all bounds");
    }
}
