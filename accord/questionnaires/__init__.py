"""The forms that an agency uses: questions that anyone can write in a spreadsheet. No person is known here."""
