//! Words for the index: Chinese bigrams and single characters, pinyin in full and by initials.
