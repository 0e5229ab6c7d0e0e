/** German. */
export default {
  between_sentences: " ",
  apply: "Einlösen",
  checking: "Prüfe …",
  remove: "Entfernen",
  remove_code: "{code} entfernen",
  applied: "Eingelöste Codes",
  about_code: "{code}: {text}",

  saving: "Sie sparen {amount}.",
  saving_range: "Sie sparen {low} bis {high}.",
  saving_up_to: "Sie sparen bis zu {high}.",
  no_saving: "Ihr Code ist gültig, mindert diese Bestellung aber noch nicht.",
  free_shipping: "Der Versand ist kostenlos.",
  gift: "Ihrer Bestellung liegt ein Geschenk bei.",
  rebate: "Nach dem Kauf erhalten Sie Geld zurück.",
  valid: "Ihr Code ist gültig.",
  removed: "Code entfernt.",

  suggestion: "Meinten Sie {code}?",
  suggestion_digit: "Meinten Sie {code}, mit der Ziffer {symbol}?",
  suggestion_letter: "Meinten Sie {code}, mit dem Buchstaben {symbol}?",
  use: "{code} verwenden",

  provisional: "Wird bestätigt …",
  provisional_offline: "Sie sind offline. Wir bestätigen, sobald Sie wieder verbunden sind.",
  unchecked: "Einige Bedingungen werden bei der Bestellung geprüft.",

  offline:
    "Sie sind offenbar offline. Ihr Code bleibt stehen und wird geprüft, sobald Sie wieder " +
    "verbunden sind.",
  error: "Der Code lässt sich gerade nicht prüfen. Bitte versuchen Sie es noch einmal.",
  too_many_requests: "Das waren viele Codes. Bitte warten Sie kurz und versuchen Sie es erneut.",
  try_again: "Sie können es {when} erneut versuchen.",

  "malformed/empty": "Geben Sie einen Code ein.",
  "malformed/too_long": "Das ist zu lang für einen Code: höchstens 64 Zeichen.",
  "malformed/control_character": "Ein Code enthält keine Zeilenumbrüche oder Steuerzeichen.",
  "malformed/check_symbol":
    "Dieser Code enthält einen Tippfehler. Bitte vergleichen Sie ihn Zeichen für " +
    "Zeichen.",
  malformed: "Das kann kein Code sein. Bitte prüfen Sie die Eingabe.",
  not_valid:
    "Dieser Code ist nicht gültig. Prüfen Sie die Schreibweise oder versuchen Sie einen " +
    "anderen.",
  tracking_disabled: "Codes können zurzeit nicht eingelöst werden.",
  unknown_code: "Diesen Code kennen wir nicht. Prüfen Sie die Schreibweise.",
  not_started: "Dieser Code gilt noch nicht.",
  expired: "Dieser Code ist abgelaufen.",
  redemptions_exhausted: "Dieser Code ist aufgebraucht.",
  customer_required: "Melden Sie sich an, um diesen Code einzulösen.",
  customer_redemptions_exhausted: "Diesen Code haben Sie bereits eingelöst.",
  currency_mismatch: "Dieser Code gilt für Bestellungen in einer anderen Währung.",
  country_not_eligible: "Dieser Code gilt nicht für das gewählte Land.",
  first_order_only: "Dieser Code gilt nur für die erste Bestellung.",
  segment_not_eligible: "Dieser Code gilt für eine andere Kundengruppe.",
  minimum_purchase: "Ihre Bestellung liegt unter dem Mindestwert für diesen Code.",
  minimum_quantity: "Ihre Bestellung enthält zu wenige Artikel für diesen Code.",
  no_eligible_items: "Kein Artikel Ihrer Bestellung gehört zu diesem Angebot.",

  already_applied: "Dieser Code ist bereits eingelöst.",
  "too_many_codes/one":
    "Eine Bestellung kann {limit} Code haben. Entfernen Sie ihn, um einen anderen " +
    "einzulösen.",
  "too_many_codes/other":
    "Eine Bestellung kann bis zu {limit} Codes haben. Entfernen Sie einen, um einen " +
    "anderen einzulösen.",
};
