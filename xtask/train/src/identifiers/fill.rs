//! Fills templates: names, addresses and facilities put together from the lists, by a seeded generator.

use std::collections::BTreeMap;

use super::crf::Random;
use super::data::{Example, Mark};
use super::gazetteer::Raw;
use bedside_understand::identifiers::crf::Tag;

/// What templates are filled with.
pub struct Filler<'a> {
    raw: &'a Raw,
    us_towns: Vec<&'a str>,
    gb_towns: Vec<&'a str>,
    es_towns: Vec<&'a str>,
    big_towns: Vec<&'a str>,
    locales: Vec<&'a str>,
    hand: BTreeMap<&'static str, Vec<&'static str>>,
}

const HEADINGS: &[&str] = &[
    "trees",
    "kinds",
    "first",
    "second",
    "saints",
    "drugs",
    "findings",
    "es_saints",
    "es_streets",
    "colonies",
    "care",
    "companies",
];
const VALUES: &str = include_str!("values.txt");

/// The hand-written values under a heading of `values.txt`.
pub(super) fn values(heading: &str) -> Vec<&'static str> {
    let lines = VALUES
        .lines()
        .skip_while(|line| line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) != Some(heading));
    lines.skip(1).take_while(|line| !line.starts_with('[')).filter(|line| !line.is_empty()).collect()
}

impl<'a> Filler<'a> {
    /// Sorts the lists for drawing.
    pub fn new(raw: &'a Raw) -> Self {
        let towns = |countries: &[&str], least: u64| -> Vec<&'a str> {
            let fits = |town: &&(String, String, u64)| {
                countries.contains(&town.1.as_str()) && town.2 >= least && town.0.is_ascii()
            };
            raw.towns.iter().filter(fits).map(|town| town.0.as_str()).collect()
        };
        let big = raw.towns.iter().filter(|town| town.2 > 300_000 && town.0.is_ascii());
        Self {
            us_towns: towns(&["US"], 5_000),
            gb_towns: towns(&["GB", "IE"], 5_000),
            es_towns: raw
                .towns
                .iter()
                .filter(|town| {
                    matches!(town.1.as_str(), "ES" | "MX" | "AR" | "CO")
                        && town.2 > 20_000
                        && town.0.chars().all(|c| (c as u32) < 0x250)
                })
                .map(|town| town.0.as_str())
                .collect(),
            big_towns: big.map(|town| town.0.as_str()).collect(),
            locales: raw.given.keys().filter(|locale| raw.surnames.contains_key(*locale)).map(String::as_str).collect(),
            raw,
            hand: HEADINGS.iter().map(|heading| (*heading, values(heading))).collect(),
        }
    }

    fn any(&self, heading: &str, random: &mut Random) -> &'static str {
        self.hand.get(heading).map_or("Oak", |list| list[random.below(list.len())])
    }

    fn of<'l>(list: &'l [&'a str], random: &mut Random) -> &'l str {
        list[random.below(list.len())]
    }

    fn locale(&self, random: &mut Random, spanish: bool) -> &'a str {
        if spanish {
            return ["es_ES", "es_MX", "es_AR", "es_CO", "es"][random.below(4)];
        }
        match random.below(100) {
            0..45 => "census",
            45..58 => "en_GB",
            58..63 => "en_IN",
            63..73 => "es_MX",
            _ => self.locales[random.below(self.locales.len())],
        }
    }

    fn pick(list: Option<&'a Vec<String>>, locale: &str, random: &mut Random) -> &'a str {
        let Some(list) = list else { return "Anna" };
        // The census lists run from the most common name to the rarest.
        let at = if locale == "census" {
            let at = random.below(list.len().min(12_000));
            random.below(at + 1)
        } else {
            random.below(list.len())
        };
        &list[at]
    }

    fn given_of(&self, locale: &str, random: &mut Random) -> String {
        Self::pick(self.raw.given.get(locale).or(self.raw.given.get("census")), locale, random).to_owned()
    }

    fn surname_of(&self, locale: &str, random: &mut Random) -> String {
        Self::pick(self.raw.surnames.get(locale).or(self.raw.surnames.get("census")), locale, random).to_owned()
    }

    fn name(&self, random: &mut Random, spanish: bool) -> String {
        let locale = self.locale(random, spanish);
        let (given, surname) = (self.given_of(locale, random), self.surname_of(locale, random));
        let letter = |random: &mut Random| (b'A' + random.below(26) as u8) as char;
        if spanish || locale.starts_with("es") {
            let second = self.surname_of(locale, random);
            return match random.below(10) {
                0..5 => format!("{given} {surname} {second}"),
                5 => format!("{given} de la {surname}"),
                6 => format!("{given} {} {surname}", self.given_of(locale, random)),
                _ => format!("{given} {surname}"),
            };
        }
        match random.below(100) {
            0..56 => format!("{given} {surname}"),
            56..64 => format!("{given} {}. {surname}", letter(random)),
            64..74 => format!("{given} {}.", letter(random)),
            74..79 => format!("{}. {surname}", letter(random)),
            79..84 => format!("{given} {surname}-{}", self.surname_of(locale, random)),
            84..87 => format!(
                "{given} {} {surname}",
                ["van", "de", "von", "van der", "del", "al", "bin", "da"][random.below(8)]
            ),
            87..90 => format!("{given} {} {surname}", self.given_of(locale, random)),
            90..93 => format!("{given} {}{surname}", ["O'", "Mc", "Mac", "D'", "Fitz"][random.below(5)]),
            93..95 => format!("{given} {surname} {}", ["Jr.", "II", "III", "Sr."][random.below(4)]),
            95..97 => format!("{given} {} {surname}", letter(random)),
            _ => format!("{}.{}. {surname}", letter(random), letter(random)),
        }
    }

    fn town(&self, random: &mut Random) -> String {
        match random.below(12) {
            0..4 => Self::of(&self.us_towns, random).to_owned(),
            4..6 => Self::of(&self.gb_towns, random).to_owned(),
            6..8 => Self::of(&self.big_towns, random).to_owned(),
            8 => Self::of(&self.es_towns, random).to_owned(),
            9 => {
                let made = format!("{}{}", self.any("first", random), self.any("second", random));
                if random.percent(30) {
                    format!("{} {made}", ["Upper", "Little", "Great", "Port", "New", "Fort", "Mount"][random.below(7)])
                } else {
                    made
                }
            }
            10 => self.raw.more_towns[random.below(self.raw.more_towns.len())].1.clone(),
            _ => {
                let towns: &[(String, String, u64)] = &self.raw.towns;
                towns[random.below(towns.len())].0.clone()
            }
        }
    }

    fn digits(random: &mut Random, count: usize) -> String {
        (0..count)
            .map(
                |at| {
                    if at == 0 {
                        (b'1' + random.below(9) as u8) as char
                    } else {
                        (b'0' + random.below(10) as u8) as char
                    }
                },
            )
            .collect()
    }

    fn house(random: &mut Random) -> String {
        let length = 1 + random.below(5);
        Self::digits(random, length)
    }

    fn unit(random: &mut Random) -> String {
        let letter = (b'A' + random.below(6) as u8) as char;
        let number = Self::house(random);
        match random.below(8) {
            0 => format!("Apt {}{letter}", random.below(40) + 1),
            1 => format!("Apt. {number}"),
            2 => format!("Suite {number}"),
            3 => format!("Unit {}", random.below(99) + 1),
            4 => format!("#{}", random.below(900) + 1),
            5 => format!("Flat {}", random.below(40) + 1),
            6 => format!("Ste {number}"),
            _ => format!("Floor {}", random.below(20) + 1),
        }
    }

    fn street_name(&self, random: &mut Random) -> String {
        let base = match random.below(6) {
            0..3 => self.any("trees", random).to_owned(),
            3 => self.surname_of("census", random),
            4 => self.given_of("census", random),
            _ => format!("{}{}", 1 + random.below(90), ["th", "st", "nd", "rd"][random.below(4)]),
        };
        let way = if random.percent(12) { ["N ", "S ", "W ", "E ", "North ", "NW "][random.below(6)] } else { "" };
        format!("{way}{base} {}", self.any("kinds", random))
    }

    /// Street and number in the manner of some country.
    fn street(&self, random: &mut Random) -> String {
        let number = Self::house(random);
        match random.below(22) {
            0..9 => format!("{number} {}", self.street_name(random)),
            9 => format!("{number} {} {}", self.street_name(random), Self::unit(random)),
            10 => self.es_street(random),
            11 => {
                let base = self.surname_of("de_DE", random);
                let kind = ["straße", "strasse", "weg", "gasse", "platz", "allee", "str."][random.below(7)];
                let name = if random.percent(25) {
                    format!("{} {}", ["Am", "An der", "Im", "Zum"][random.below(4)], base)
                } else {
                    format!("{base}{kind}")
                };
                format!("{name} {number}")
            }
            12 => format!(
                "{number} {} {}",
                ["rue de", "rue", "avenue de", "boulevard", "rue des", "chemin du", "Rue du"][random.below(7)],
                self.surname_of("fr_FR", random)
            ),
            13 => format!(
                "{} {} {number}",
                ["Via", "Viale", "Piazza", "Corso", "Vicolo", "Strada Provinciale"][random.below(6)],
                self.surname_of("it_IT", random)
            ),
            14 => format!(
                "{}{} {number}",
                self.surname_of("nl_NL", random),
                ["straat", "laan", "weg", "plein", "gracht", "dreef"][random.below(6)]
            ),
            15 => {
                let locale = ["sv_SE", "no_NO", "da_DK", "fi_FI"][random.below(4)];
                let kind = ["gatan", "vägen", "veien", "vej", "gade", "katu", "tie", "kuja", "terrasse", "stigen"]
                    [random.below(10)];
                format!("{}{kind} {number}", self.surname_of(locale, random))
            }
            16 => format!(
                "{} {} {number}",
                ["ul.", "al.", "ulica", "os."][random.below(4)],
                self.surname_of("pl_PL", random)
            ),
            17 => format!(
                "{} {} {number}{}",
                self.surname_of("hu_HU", random),
                ["u.", "utca", "út", "tér", "kapu"][random.below(5)],
                if random.percent(50) { "." } else { "" }
            ),
            18 => format!(
                "{} {}, {number}",
                ["Rua", "Avenida", "Travessa", "Praça", "R."][random.below(5)],
                self.surname_of("pt_PT", random)
            ),
            19 => {
                let streets = &self.raw.streets;
                format!("{} {number}", streets[random.below(streets.len())].1)
            }
            20 => format!("{} {number}", self.surname_of(self.locales[random.below(self.locales.len())], random)),
            _ => format!("{number} {} {}", Self::digits(random, 2), self.street_name(random)),
        }
    }

    fn es_street(&self, random: &mut Random) -> String {
        let kind = [
            "calle",
            "Calle",
            "C/",
            "Avenida",
            "Av.",
            "Avda.",
            "Paseo",
            "Calzada",
            "Carretera",
            "Privada",
            "Plaza",
            "c.",
        ][random.below(12)];
        let name = if random.percent(70) {
            self.any("es_streets", random).to_owned()
        } else {
            self.surname_of("es_MX", random)
        };
        let number = Self::digits(random, 1 + random.clone().below(3));
        let comma = if random.percent(30) { "," } else { "" };
        let rest = match random.below(9) {
            0 => format!(", {}.º {}", random.below(9) + 1, ["A", "B", "C", "izq", "dcha"][random.below(5)]),
            1 => format!(" int. {}", random.below(30) + 1),
            2 => format!(", depto {}", random.below(30) + 1),
            3 => ", bajo B".to_owned(),
            4 => format!(", piso {}", random.below(9) + 1),
            _ => String::new(),
        };
        let sign = if random.percent(15) {
            " #"
        } else if random.percent(10) {
            " núm. "
        } else {
            " "
        };
        format!("{kind} {name}{comma}{sign}{number}{rest}")
    }

    fn zip(random: &mut Random, states: &[(String, String)]) -> (String, String) {
        let state = &states[random.below(states.len())];
        let shown = if random.percent(75) { state.1.clone() } else { state.0.clone() };
        let zip = if random.percent(15) {
            format!("{}-{}", Self::digits(random, 5), Self::digits(random, 4))
        } else {
            Self::digits(random, 5)
        };
        (shown, zip)
    }

    /// A whole address.
    fn address(&self, random: &mut Random) -> String {
        let line = ["\n", ", ", ",\n", ", ", " ", "\n "][random.below(6)];
        let (state, zip) = Self::zip(random, &self.raw.states);
        let town = self.town(random);
        let town = if random.percent(12) { town.to_uppercase() } else { town };
        match random.below(14) {
            0..4 => {
                let unit = if random.percent(30) { format!("{line}{}", Self::unit(random)) } else { String::new() };
                format!("{} {}{unit}{line}{town}, {state} {zip}", Self::house(random), self.street_name(random))
            }
            4 => {
                let letters = |random: &mut Random, count: usize| {
                    (0..count).map(|_| (b'A' + random.below(26) as u8) as char).collect::<String>()
                };
                let code = format!(
                    "{}{} {}{}",
                    letters(random, 1 + random.clone().below(2)),
                    random.below(30) + 1,
                    random.below(10),
                    letters(random, 2)
                );
                format!(
                    "{} {}{line}{}{}{code}",
                    Self::house(random),
                    self.street_name(random),
                    Self::of(&self.gb_towns, random),
                    [", ", " ", "\n"][random.below(3)]
                )
            }
            5 => format!(
                "{}{line}{} {}",
                self.es_street(random),
                Self::digits(random, 5),
                Self::of(&self.es_towns, random)
            ),
            6 => format!(
                "{}{line}{} {}{line}C.P. {}{line}{}",
                self.es_street(random),
                ["Col.", "Colonia", "col.", "Fracc."][random.below(4)],
                self.any("colonies", random),
                Self::digits(random, 5),
                Self::of(&self.es_towns, random)
            ),
            7 => format!("{}{line}{}{line}{}", self.street(random), Self::unit(random), town),
            8 => {
                let country = &self.raw.countries[random.below(self.raw.countries.len())];
                format!(
                    "{}{line}{}{line}{town}{line}{country} {}",
                    self.street(random),
                    Self::unit(random),
                    Self::digits(random, 5)
                )
            }
            9 => {
                let country = &self.raw.countries[random.below(self.raw.countries.len())];
                format!(
                    "{}{line}{} {town}{line}{country}",
                    self.street(random),
                    Self::digits(random, 4 + random.clone().below(2))
                )
            }
            10 => format!(
                "{} {}{line}{town}{line}{}",
                Self::house(random),
                self.street(random),
                ["", "Spain", "Germany", "New Zealand", "Brazil", "nan"][random.below(6)].trim()
            ),
            11 => match random.below(4) {
                0 => format!(
                    "PSC {}, Box {}{line}APO {} {}",
                    Self::digits(random, 4),
                    Self::digits(random, 4),
                    ["AP", "AE", "AA"][random.below(3)],
                    Self::digits(random, 5)
                ),
                1 => format!(
                    "Unit {} Box {}{line}DPO {} {}",
                    Self::digits(random, 4),
                    Self::digits(random, 4),
                    ["AP", "AE", "AA"][random.below(3)],
                    Self::digits(random, 5)
                ),
                2 => format!(
                    "USNS {}{line}FPO {} {}",
                    self.surname_of("census", random),
                    ["AP", "AE", "AA"][random.below(3)],
                    Self::digits(random, 5)
                ),
                _ => format!("P.O. Box {}{line}{town}, {state} {zip}", Self::house(random)),
            },
            12 => format!("the corner of {} and {}", self.street_name(random), self.street(random)),
            _ => format!("{} {}{line}{town}", Self::house(random), self.street(random)),
        }
        .trim_end_matches([',', ' ', '\n'])
        .to_owned()
    }

    fn facility(&self, random: &mut Random, spanish: bool) -> String {
        if spanish {
            let kind = [
                "Hospital",
                "Clínica",
                "Hospital General",
                "Centro de Salud",
                "Hospital Universitario",
                "Clínica Dental",
                "Sanatorio",
                "Policlínica",
                "Residencia",
                "Farmacia",
                "Hospital Civil",
                "Centro Médico",
                "IMSS",
                "Hospital Clínico",
                "la clínica",
                "hospital",
            ][random.below(16)];
            let name = match random.below(4) {
                0..2 => self.any("es_saints", random).to_owned(),
                2 => Self::of(&self.es_towns, random).to_owned(),
                _ => format!("{} {}", ["de", "del", "de la"][random.below(3)], self.any("es_streets", random)),
            };
            return format!("{kind} {name}");
        }
        let care = self.any("care", random);
        match random.below(20) {
            0..3 => format!(
                "{} {}'s{}",
                ["St.", "St", "Saint"][random.below(3)],
                self.any("saints", random),
                if random.percent(75) { format!(" {care}") } else { String::new() }
            ),
            3 => format!(
                "{} {} {care}",
                ["St.", "St", "Saint", "Holy", "Our Lady of"][random.below(5)],
                self.any("saints", random)
            ),
            4..8 => format!("{}{} {care}", self.any("first", random), self.any("second", random)),
            8..12 => format!("{} {care}", self.town(random)),
            12 => format!("{} {care}", self.surname_of("census", random)),
            13 => format!(
                "{} {} {care}",
                ["North", "South", "East", "West", "Upper", "Greater", "Mount", "Mt."][random.below(8)],
                self.any("trees", random)
            ),
            14 => format!(
                "{} {} {care}",
                self.any("trees", random),
                ["Street", "Grove", "Park", "Valley", "Hills", "Creek", "Road", "Lane"][random.below(8)]
            ),
            15 => format!(
                "{} {care} of {}",
                ["Mercy", "Sacred Heart", "Baptist", "Methodist", "Providence", "Trinity", "Good Samaritan", "Unity"]
                    [random.below(8)],
                self.town(random)
            ),
            16 => format!(
                "{} {}",
                [
                    "Mercy",
                    "Sacred Heart",
                    "Baptist",
                    "Methodist",
                    "Providence",
                    "Trinity",
                    "Unity",
                    "Grace",
                    "Hope",
                    "Liberty"
                ][random.below(10)],
                care
            ),
            17 => format!(
                "{} {} {care}",
                self.any("first", random),
                ["Leaf", "Harbor", "Smile", "Star", "Path", "Bridge", "Gate", "Horizon"][random.below(8)]
            ),
            18 => format!(
                "University {} {}",
                ["Hospital", "Hospitals", "Medical Center", "Clinic"][random.below(4)],
                ["", "of Wales", "Coventry", "of Leicester", "Aachen", "Hospitals Trust"][random.below(6)]
            )
            .trim()
            .to_owned(),
            _ => {
                let letters: String =
                    (0..3 + random.below(2)).map(|_| (b'A' + random.below(26) as u8) as char).collect();
                if random.percent(50) { letters } else { format!("{letters} {care}") }
            }
        }
    }

    fn company(&self, random: &mut Random) -> String {
        let own = self.surname_of("census", random);
        let other = self.surname_of("census", random);
        match random.below(8) {
            0..3 => self.any("companies", random).to_owned(),
            3 => format!(
                "{own} {}",
                ["Inc", "Inc.", "LLC", "Ltd", "Corporation", "Group", "and Sons", "Partners", "PLC", "& Co"]
                    [random.below(10)]
            ),
            4 => format!("{own}-{other}"),
            5 => format!("{own}, {other} and {}", self.surname_of("census", random)),
            6 => format!(
                "{} {}",
                self.any("companies", random),
                ["Inc", "Group", "Insurance", "Systems", "Labs", "Services", "Foundation"][random.below(7)]
            ),
            _ => format!(
                "{}{} {}",
                self.any("first", random),
                self.any("second", random),
                ["Software", "Logistics", "Bakery", "Elementary School", "High School", "Bank", "Motors", "Foods"]
                    [random.below(8)]
            ),
        }
    }

    /// The value of a slot: its text and what it is.
    fn value(&self, slot: &str, random: &mut Random, spanish: bool) -> (String, Tag) {
        let locale = self.locale(random, spanish);
        match slot {
            "name" => (self.name(random, spanish), Tag::Name),
            "full" => (format!("{} {}", self.given_of(locale, random), self.surname_of(locale, random)), Tag::Name),
            "given" => (self.given_of(locale, random), Tag::Name),
            "surname" => (self.surname_of(locale, random), Tag::Name),
            "last_first" => {
                (format!("{}, {}", self.surname_of(locale, random), self.given_of(locale, random)), Tag::Name)
            }
            "town" => {
                (if spanish { Self::of(&self.es_towns, random).to_owned() } else { self.town(random) }, Tag::Place)
            }
            "county" => (self.raw.counties[random.below(self.raw.counties.len())].clone(), Tag::Place),
            "colony" => (self.any("colonies", random).to_owned(), Tag::Place),
            "street" => (if spanish { self.es_street(random) } else { self.street(random) }, Tag::Place),
            "street_name" => (self.street_name(random), Tag::Place),
            "address" => (self.address(random), Tag::Place),
            "zip" => (Self::zip(random, &self.raw.states).1, Tag::Place),
            "unit" => (Self::unit(random), Tag::Place),
            "facility" => (self.facility(random, spanish), Tag::Facility),
            "company" => (self.company(random), Tag::Organisation),
            "state" => (self.raw.states[random.below(self.raw.states.len())].0.clone(), Tag::Outside),
            "st" => (self.raw.states[random.below(self.raw.states.len())].1.clone(), Tag::Outside),
            "country" => (self.raw.countries[random.below(self.raw.countries.len())].clone(), Tag::Outside),
            "drug" => (self.any("drugs", random).to_owned(), Tag::Outside),
            "finding" => (self.any("findings", random).to_owned(), Tag::Outside),
            "year" => (format!("{}", 1950 + random.below(76)), Tag::Outside),
            "n" => (format!("{}", 2 + random.below(80)), Tag::Outside),
            "date" => {
                let months = [
                    "January",
                    "February",
                    "March",
                    "April",
                    "May",
                    "June",
                    "July",
                    "August",
                    "September",
                    "October",
                    "November",
                    "December",
                ];
                let (day, month, year) = (1 + random.below(28), random.below(12), 2015 + random.below(11));
                let text = match random.below(5) {
                    0 => format!("{} {day}, {year}", months[month]),
                    1 => format!("{}/{day}/{year}", month + 1),
                    2 => format!("{year}-{:02}-{day:02}", month + 1),
                    3 => format!("{day} {}", months[month]),
                    _ => format!("{} {day}th", months[month]),
                };
                (text, Tag::Outside)
            }
            "phone" => (format!("{}-555-01{}", 200 + random.below(700), Self::digits(random, 2)), Tag::Outside),
            "id" => (
                format!(
                    "{}{}",
                    ["", "A", "MR-", "#"][random.below(4)],
                    Self::digits(random, 5 + random.clone().below(4))
                ),
                Tag::Outside,
            ),
            "email" => (
                format!("{}{}@mail.example", self.given_of("census", random).to_lowercase(), random.below(99)),
                Tag::Outside,
            ),
            _ => (format!("{{{slot}}}"), Tag::Outside),
        }
    }

    /// Fills a template.
    pub fn fill(&self, template: &str, spanish: bool, group: u32, random: &mut Random) -> Example {
        let mut text = String::new();
        let mut marks = Vec::new();
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}') else { break };
            text.push_str(&rest[..open]);
            let (value, tag) = self.value(&rest[open + 1..open + close], random, spanish);
            let start = text.chars().count();
            text.push_str(&value);
            if tag != Tag::Outside {
                marks.push(Mark { start, end: text.chars().count(), tag });
            }
            rest = &rest[open + close + 1..];
        }
        text.push_str(rest);
        // Marks count characters; a change of case that changes their number is not made.
        let changed = match random.below(100) {
            0..9 => Some(text.to_lowercase()),
            9..13 => Some(text.to_uppercase()),
            13..20 => Some(low_outside(&text, &marks)),
            _ => None,
        };
        if let Some(changed) = changed.filter(|changed| changed.chars().count() == text.chars().count()) {
            text = changed;
        }
        Example { text, marks, group, weight: 1.0 }
    }
}

/// Everything in lower case but the first letters that stood as capitals within marks, as people type in haste.
fn low_outside(text: &str, marks: &[Mark]) -> String {
    text.chars()
        .enumerate()
        .map(|(at, c)| {
            let kept = marks.iter().any(|mark| mark.start <= at && at < mark.end);
            if kept { c } else { c.to_lowercase().next().unwrap_or(c) }
        })
        .collect()
}
