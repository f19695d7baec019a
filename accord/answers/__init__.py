"""What did a person answer?"""
