"""What the operator says, field by field; the first line always steadies."""

from __future__ import annotations

from thaam.language.text import Text

SCRIPT: tuple[tuple[str, Text], ...] = (
    ("mobile", Text("आपने सही समय पर कॉल किया।", "You called at the right time.")),
    (
        "amount_0",
        Text(
            "पैसा रोकना पहला काम है। दो मिनट मेरे साथ रहिए।",
            "Stopping the money comes first. Stay with me for two minutes.",
        ),
    ),
    ("clock_0", Text("पैसा कब गया? कितने बजे?", "When did the money go? At what time?")),
    ("bank_0", Text("किस बैंक या ऐप से कटा?", "Which bank or app was it taken from?")),
    (
        "reference_0",
        Text(
            "बैंक का SMS खोलिए। उसमें 12 अंक का नंबर है। चार-चार अंक करके पढ़िए।",
            "Open the bank's SMS. It has a 12-digit number. Read it four digits at a time.",
        ),
    ),
    ("to_0", Text("जिसे पैसा गया, उसका UPI या नाम दिख रहा है?", "Can you see the UPI id or name it went to?")),
    ("safety", Text("स्क्रीन शेयर वाला ऐप चालू है क्या? बंद कीजिए।", "Is a screen-sharing app running? Close it.")),
    ("name", Text("आपका नाम और ज़िला?", "Your name and district?")),
)
VARIANTS: tuple[tuple[Text, Text], ...] = (
    (
        Text("रो रहे हैं", "Crying"),
        Text("मैं आपके साथ हूँ। आराम से, एक-एक बात बताइए।", "I am with you. Take your time, one thing at a time."),
    ),
    (Text("बुज़ुर्ग", "Elderly"), Text("घर में कोई पास है जो SMS पढ़ दे?", "Is someone near you who can read the SMS out?")),
    (
        Text("स्पीकर पर", "On speaker"),
        Text("क्या आप अकेले हैं? ठग कॉल पर तो नहीं?", "Are you alone? Is the fraudster still on a call with you?"),
    ),
    (
        Text("नाराज़", "Angry"),
        Text("आपका गुस्सा सही है। पहले पैसा रोकते हैं।", "Your anger is fair. Let us first stop the money."),
    ),
)
