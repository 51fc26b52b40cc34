/// Coefficients per class (positive, neutral, negative) and feature.
pub(crate) const MODEL: [[f64; FEATURES]; 3] = [
    [0.3, 0.7, -0.5, 1.0, 0.3, 0.1, -0.3, -0.5, -0.2, 0.0, -0.4, 0.0],
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.4, 0.8, 0.1, 0.5, 0.5, 0.0],
    [-0.3, -0.5, 0.7, -1.0, -0.3, -0.1, 0.1, 0.2, 0.2, 0.0, 0.0, 0.0],
];
