//! Divisions of the country (GB/T 2260) by code and by name.
