//! Phrases as a tree over words, read from their last word back to the first: so what is found comes in the order of its
//! end. Most words end no phrase, and cost one look.

use crate::text::Text;
use crate::text::word_key;

/// A word of some phrase.
#[derive(Debug, Clone, Copy, Default)]
struct Word {
    key: u64,
    /// Its node, with [`LEAF`]; 0 where the slot is empty. Numbers from 1 on are also those of the words.
    node: u32,
    /// The phrase that is this word alone, and one; 0 for none.
    ends: u32,
}

/// One word further back in a phrase.
#[derive(Debug, Clone, Copy, Default)]
struct Edge {
    node: u32,
    word: u32,
    /// The node it leads to, with [`LEAF`]; 0 where the slot is empty.
    next: u32,
    /// The phrase that begins there, and one; 0 for none.
    ends: u32,
}

/// Marks a node from which nothing leads on.
const LEAF: u32 = 1 << 31;
/// The end of a sentence within a phrase is a word, the first.
const STOP: u32 = 1;

/// The tree. Both tables are open addressing, powers of two, at most half full.
#[derive(Debug)]
pub(super) struct Trie {
    words: Vec<Word>,
    edges: Vec<Edge>,
}

/// A phrase that was found: its number, and the words of the line, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    pub phrase: u32,
    pub from: usize,
    pub to: usize,
}

impl Trie {
    /// Compiles phrases as they stand in the line.
    pub fn new<'p>(phrases: impl Iterator<Item = &'p str> + Clone) -> Result<Self, String> {
        let cut = |phrase: &'p str| phrase.split(' ').filter(|word| !word.is_empty()).rev();
        let total: usize = phrases.clone().map(|phrase| cut(phrase).count()).sum();
        let size = |entries: usize| (entries * 2).next_power_of_two().max(2);
        let mut out = Self { words: vec![Word::default(); size(total + 1)], edges: vec![Edge::default(); size(total)] };
        let mut nodes = 0;
        for word in std::iter::once(".").chain(phrases.clone().flat_map(cut)) {
            let slot = out.word_slot(word_key(word));
            if out.words[slot].node == 0 {
                nodes += 1;
                out.words[slot] = Word { key: word_key(word), node: nodes | LEAF, ends: 0 };
            }
        }
        let known = nodes as usize;
        let mut entries = 0;
        for (number, phrase) in phrases.enumerate() {
            let mut words = cut(phrase);
            if phrase.starts_with(" .") || phrase.ends_with(". ") {
                return Err(format!("{phrase:?} begins or ends with the end of a sentence"));
            }
            let Some(last) = words.next() else { return Err("a phrase without words".to_owned()) };
            let root = out.word_slot(word_key(last));
            let mut edge = None;
            let mut node = out.words[root].node & !LEAF;
            for word in words {
                match edge {
                    None => out.words[root].node &= !LEAF,
                    Some(edge) => {
                        let edge: &mut Edge = &mut out.edges[edge];
                        edge.next &= !LEAF;
                    }
                }
                let word = out.words[out.word_slot(word_key(word))].node & !LEAF;
                let slot = out.edge_slot(node, word);
                if out.edges[slot].next == 0 {
                    nodes += 1;
                    entries += 1;
                    out.edges[slot] = Edge { node, word, next: nodes | LEAF, ends: 0 };
                }
                node = out.edges[slot].next & !LEAF;
                edge = Some(slot);
            }
            let ends = number as u32 + 1;
            match edge {
                None => out.words[root].ends = ends,
                Some(edge) => out.edges[edge].ends = ends,
            }
        }
        out.shrink(size(known), size(entries));
        Ok(out)
    }

    /// Lays both tables out anew, as large as they need to be.
    fn shrink(&mut self, words: usize, edges: usize) {
        let old = std::mem::replace(&mut self.words, vec![Word::default(); words]);
        for word in old.into_iter().filter(|word| word.node != 0) {
            let slot = self.word_slot(word.key);
            self.words[slot] = word;
        }
        let old = std::mem::replace(&mut self.edges, vec![Edge::default(); edges]);
        for edge in old.into_iter().filter(|edge| edge.next != 0) {
            let slot = self.edge_slot(edge.node, edge.word);
            self.edges[slot] = edge;
        }
    }

    /// Where a word stands, or the empty slot where it would.
    #[inline]
    fn word_slot(&self, key: u64) -> usize {
        let mask = self.words.len() - 1;
        let mut slot = (key >> 32) as usize & mask;
        while self.words[slot].node != 0 && self.words[slot].key != key {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// Where a step from a node stands, or the empty slot where it would.
    #[inline]
    fn edge_slot(&self, node: u32, word: u32) -> usize {
        let mask = self.edges.len() - 1;
        let mixed = (u64::from(node) << 32 | u64::from(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut slot = (mixed >> 32) as usize & mask;
        loop {
            let edge = &self.edges[slot];
            if edge.next == 0 || edge.node == node && edge.word == word {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Gives all phrases in a text, also those within others, by their ends, the longer first. Returns how many steps
    /// it took: words looked up, and steps through the tree.
    pub fn find(&self, text: &Text, mut give: impl FnMut(Match)) -> usize {
        let mut steps = text.len();
        let known: Vec<(u32, u32)> = (0..text.len())
            .map(|at| {
                let word = &self.words[self.word_slot(text.key(at))];
                (word.node, word.ends)
            })
            .collect();
        let mut found: Vec<(u32, usize)> = Vec::new();
        for (last, &(root, ends)) in known.iter().enumerate() {
            if root == 0 {
                continue;
            }
            if ends != 0 {
                found.push((ends, last));
            }
            let mut node = root;
            for from in (0..last).rev() {
                for _ in 0..text.stops_before(from + 1) {
                    if node & LEAF != 0 {
                        break;
                    }
                    steps += 1;
                    node = self.edges[self.edge_slot(node, STOP)].next;
                    if node == 0 {
                        break;
                    }
                }
                let word = known[from].0 & !LEAF;
                if node == 0 || node & LEAF != 0 || word == 0 {
                    break;
                }
                steps += 1;
                let edge = self.edges[self.edge_slot(node, word)];
                if edge.next == 0 {
                    break;
                }
                if edge.ends != 0 {
                    found.push((edge.ends, from));
                }
                node = edge.next;
            }
            while let Some((ends, from)) = found.pop() {
                give(Match { phrase: ends - 1, from, to: last + 1 });
            }
        }
        steps
    }

    /// Bytes of both tables.
    #[cfg(test)]
    pub fn size(&self) -> usize {
        size_of_val(&self.words[..]) + size_of_val(&self.edges[..])
    }
}
