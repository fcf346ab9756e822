### NAME
Floor FLOOR. Say what it holds, in the words of its README.
**Invariant:** nothing but `NAME::rules` decides what happens here, and it reads no clock, database or file.

