//! Tokens and the key that signed them, made once with OpenSSL; the private half was thrown away.
//!
//! All say: issued by Google on 2026-11-27 at 11:00 UTC, good for an hour, for [`AUDIENCE`], by [`EMAIL`].

use serde_json::{Value, json};

pub(crate) const AUDIENCE: &str = "https://bedside.example.org/hooks";
pub(crate) const EMAIL: &str = "push@project.iam.example.org";
/// In the middle of the hour.
pub(crate) const DURING: &str = "2026-11-27T11:30:00Z";

/// The set of keys as Google serves one, with one key of another kind in it.
pub(crate) fn keys() -> Value {
    json!({"keys": [
        {"kty": "EC", "crv": "P-256", "kid": "k0", "x": "AA", "y": "AA"},
        {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "k1", "n": MODULUS, "e": "AQAB"},
    ]})
}

/// The modulus of the key.
const MODULUS: &str = "qiAh0z06Pl1DGEdbhr57dV3g6RCPHRe5qWS4UAevzD7qOvqaNY7M-b9xVitC2xzTnFXT_5g_Qs_iAAV8NJ3odeSN9kHNxy-TwnVD\
    twIeQQkrbJY90G1XhdYzPb63hvJ-WzlWBeCQIlxmjd4nJUWJdwyeDf7YxsZejFiRsNbwI1KLyrtlKZtfkSRXC9zkdt_PWezsmPLV\
    qvvm2CZF8erm6whVreslrU9f6pmAN92btJxHr2NQ2JpMjSZ_oAOpSatgnCDlusQ1_LNUytrfhkMufvGGeU2f2UeMEdkuhjWCjtAB\
    FUbAguRxzoNxV63qEd_osDgZc7Kx9qkEhLRuDOp9yQ";

/// A token as it should be.
pub(crate) const TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2FjY291bnRzLmdvb2dsZS5jb20i\
    LCJhdWQiOiJodHRwczovL2JlZHNpZGUuZXhhbXBsZS5vcmcvaG9va3MiLCJlbWFpbCI6InB1c2hAcHJvamVjdC5pYW0uZXhhbXBs\
    ZS5vcmciLCJlbWFpbF92ZXJpZmllZCI6dHJ1ZSwic3ViIjoiMSIsImlhdCI6MTc5NTc3NzIwMCwiZXhwIjoxNzk1NzgwODAwfQ.R\
    G9OVgBeuk8NxnUwatcGxnDfBejDermhOssHRNIwbNoak8pQMaxqjnpDABYY16VJtYXLfmRtqhYZZGm3WYS7APjMPXMlP7UDTDZCd\
    RsDGgDig-FKhnMXtNPhYBbxjHamLdG1xyvruLl_r1wUVyq4rRXJHNlPM2W4J_GuTDye2gmG8-YLIBZ57k9M0DxUsRQkZcFR_YkLH\
    z5cWBgckdkyMm2QLyDoBwbTJgf9PgA3J3Y5M_dblOA-8Yg1wvftgM6vmBrFeeNUbh5dBQcW-Lg6IZmTzKxgubFbubNw4KP37sy8k\
    4v5qfLA2oiN7qRWRN1GQBhtfddqIqk_JgpoewWQ4g";

/// Of another issuer.
pub(crate) const OF_ANOTHER_ISSUER: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2FjY291bnRzLmV4YW1wbGUub3Jn\
    IiwiYXVkIjoiaHR0cHM6Ly9iZWRzaWRlLmV4YW1wbGUub3JnL2hvb2tzIiwiZW1haWwiOiJwdXNoQHByb2plY3QuaWFtLmV4YW1w\
    bGUub3JnIiwiZW1haWxfdmVyaWZpZWQiOnRydWUsInN1YiI6IjEiLCJpYXQiOjE3OTU3NzcyMDAsImV4cCI6MTc5NTc4MDgwMH0.\
    IKEAjVgXWgrRNOCDfv27eL30rK9GmgCzJ744LGNbaY-JpAmPPJ0HE-ziid7XAmBaxc_BDnW_8mlIvlhLoKmpfNyB69fONa521CzM\
    OujCkxgaDEwYcyyqvBuu7mcO7fBOawse5RN2NTBBkH2LlI3nD-tjzggWkFuhOgHYe8Do5F1jIEhYhW5GTKII1EkDvv91hD9tQOSV\
    UcFsascJYZixdOrn8kd5Bc1Hh1GLpfiKjz_H3v0Zl0oSKUTX21YVawf8xUmChT8sfzFpebEq0vDqExcgQzC-whIeXgeRJK3L3Acl\
    LZxC2botLyHkwUZ7XEKZKGWBfu3-TYgSMniuStgy8Q";

/// Of an address that Google did not verify.
pub(crate) const NOT_VERIFIED: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2FjY291bnRzLmdvb2dsZS5jb20i\
    LCJhdWQiOiJodHRwczovL2JlZHNpZGUuZXhhbXBsZS5vcmcvaG9va3MiLCJlbWFpbCI6InB1c2hAcHJvamVjdC5pYW0uZXhhbXBs\
    ZS5vcmciLCJlbWFpbF92ZXJpZmllZCI6ZmFsc2UsInN1YiI6IjEiLCJpYXQiOjE3OTU3NzcyMDAsImV4cCI6MTc5NTc4MDgwMH0.\
    BqPByrXRG2I-Cu8rS_H8Utimmdow8sUTU89HtP8jQBDv6dYXl6yrr9X41BuyABgZoHBfnOIzPZlTnDxUTFkjlQ4oQpNs9p31Mt9X\
    A2vfl5TwMxogosFV8DPnlydx3NiqEgVTQ8zzotCMji5MPD-bIarn6L3fhjuuOI_Psc9yCsd83kDnVUUxTPgx9WYnGTXcawKQybX-\
    Ouq4fL_MYm19F8laM_uYxbO9dyxpvkxq1ZX8GCmet8RBSpAL6pu0IYBIDl0AdEmxgS6341dhKKjaH16zSgT6xW6FaoAGhFXRSmhG\
    rMUibOMYcL8DjZeHSdHGvdgKcSVNmiwC6Vs_0F2oLg";

/// By a method that is not RS256, as its header says.
pub(crate) const OF_ANOTHER_METHOD: &str = "eyJhbGciOiJSUzUxMiIsImtpZCI6ImsxIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2FjY291bnRzLmdvb2dsZS5jb20i\
    LCJhdWQiOiJodHRwczovL2JlZHNpZGUuZXhhbXBsZS5vcmcvaG9va3MiLCJlbWFpbCI6InB1c2hAcHJvamVjdC5pYW0uZXhhbXBs\
    ZS5vcmciLCJlbWFpbF92ZXJpZmllZCI6dHJ1ZSwic3ViIjoiMSIsImlhdCI6MTc5NTc3NzIwMCwiZXhwIjoxNzk1NzgwODAwfQ.W\
    zz6tL15QwziwAcTDZSsWqkZhpmWmU9uZGJ0pu1tJxQ6qsS3oaL81sNKZnitZi12imCE-JvTDgUsnkmXSFCUIgjY0cnOA_2BB5qqB\
    IsLgiamQHMZO7Lse85YqzNVF8ThE5R-e1KOmKkxnpsm_mNtIhlj-JaB4U6wyn5HSj4ZLzHY-2YIl26gMJzQccHHHOPfEz5WYZO1m\
    -xJwamUppWQdDLOld_JD39v-lCItAnBQM0FqaNdw3GsJF1HMwCTc45pS5IRTlyM7Lqm6js4NqSWQjtRao6Mh45FVmsthWlCtQm5C\
    snqb3blT5MZ7E7BDA5z11gPHIAQ4GDXY4k3lgrkeg";

/// With an extension that must be understood.
pub(crate) const WITH_AN_EXTENSION: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIiwidHlwIjoiSldUIiwiY3JpdCI6WyJ4Il19.eyJpc3MiOiJodHRwczovL2FjY291bnR\
    zLmdvb2dsZS5jb20iLCJhdWQiOiJodHRwczovL2JlZHNpZGUuZXhhbXBsZS5vcmcvaG9va3MiLCJlbWFpbCI6InB1c2hAcHJvamV\
    jdC5pYW0uZXhhbXBsZS5vcmciLCJlbWFpbF92ZXJpZmllZCI6dHJ1ZSwic3ViIjoiMSIsImlhdCI6MTc5NTc3NzIwMCwiZXhwIjo\
    xNzk1NzgwODAwfQ.QSADBrcnwbh864V6_GInC29IC-6qDZkSUCpHb1eiHvcARmcwAdvJfZOw2usCrr-1XX6AxuXKVudNB1qmDJSq\
    e_a3XI7pq1f5S9cAQmHFkIS7yVHW4YJ6z2kwtfw16ORuOa3bW5n-EKePwjPNTutYeNDdOvkDPKJ83Dm3zth48CZFg4XAf9QNnLv5\
    ZmlpgoQeAiBu9LStsRZUNczusJIWyMFjPsr5vzsFHN0XD6F4WXMkgbA3CPRnttUfkukr3SniXm6DsiKlSEflFF-21QASpnYPP5Pc\
    6jxCxT_aJBGzVFjZ8Xij3yEiyT3iq4E3qSsGRCOwPOjwLhFebEjrOiGuDw";
