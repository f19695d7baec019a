"""The forms that an agency uses. Anyone can write the questions in a spreadsheet. This room knows nothing about
people."""
