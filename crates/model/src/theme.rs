//! The themes by name: the 32 subcategories of NHS England's QDC, version 7, and three additions for
//! the United States, each with its category. A person chooses among these when a theme is wrong.

/// Theme and category, by their published names, in the published order.
pub const THEMES: [(&str, &str); 35] = [
    ("Positive experience & gratitude", "General"),
    ("Organisation & efficiency", "General"),
    ("Funding & use of financial resources", "General"),
    ("Feeling safe", "General"),
    ("Labelling not possible", "General"),
    ("Staff manner & personal attributes", "Staff"),
    ("Staffing levels & responsiveness", "Staff"),
    ("Competence & training", "Staff"),
    ("Contacting services", "Access to medical care & support"),
    ("Appointment arrangements", "Access to medical care & support"),
    ("Appointment method", "Access to medical care & support"),
    ("Timeliness of care", "Access to medical care & support"),
    ("Unspecified communication", "Communication & involvement"),
    ("Staff listening, understanding & involving patients", "Communication & involvement"),
    ("Information directly from staff during care", "Communication & involvement"),
    ("Information provision & guidance", "Communication & involvement"),
    ("Being kept informed, clarity & consistency of information", "Communication & involvement"),
    ("Interaction with family/carers", "Communication & involvement"),
    ("Continuity of care", "Patient journey & service coordination"),
    ("Discharge", "Patient journey & service coordination"),
    ("Supplying & understanding medication", "Medication & pain"),
    ("Pain management", "Medication & pain"),
    ("Cleanliness, tidiness & infection control", "Environment, equipment & catering"),
    ("Sensory experience", "Environment, equipment & catering"),
    ("Environment, facilities & equipment", "Environment, equipment & catering"),
    ("Food & drink provision & facilities", "Environment, equipment & catering"),
    ("Service location", "Service location, travel & transport"),
    ("Transport to/from services", "Service location, travel & transport"),
    ("Parking", "Service location, travel & transport"),
    ("Activities & access to fresh air", "Activities"),
    ("Electronic entertainment", "Activities"),
    ("Mental Health Act", "Mental health specifics"),
    ("Cost, billing & insurance", "United States additions"),
    ("Scheduling & portal", "United States additions"),
    ("Privacy", "United States additions"),
];

/// A theme with its category; `None` where there is no theme of this name.
pub fn find(theme: &str) -> Option<(&'static str, &'static str)> {
    THEMES.iter().find(|(name, _)| *name == theme).copied()
}

/// The category of a theme; `None` where there is no theme of this name.
pub fn category_of(theme: &str) -> Option<&'static str> {
    find(theme).map(|(_, category)| category)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_has_one_category() {
        let names: std::collections::BTreeSet<_> = THEMES.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), THEMES.len());
        assert_eq!(category_of("Parking"), Some("Service location, travel & transport"));
        assert_eq!(category_of("Weather"), None);
    }
}
