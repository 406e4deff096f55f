"""What the launcher says when something cannot be done."""


class Complaint(Exception):
    """Something that the person at the keyboard can put right: one sentence, and what to do about it.

    `details` are the last lines that a process wrote; they are shown below the sentence.
    """

    def __init__(self, sentence: str, *, details: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.details = details
