//! National codes with their check characters: strict for what people type now, lenient with warnings for imports.
