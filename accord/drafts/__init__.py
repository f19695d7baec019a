"""What did someone begin to write and save unfinished?"""
