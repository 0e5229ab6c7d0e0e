/** French. */
export default {
  between_sentences: " ",
  apply: "Appliquer",
  checking: "Vérification…",
  remove: "Retirer",
  remove_code: "Retirer {code}",
  applied: "Codes appliqués",
  about_code: "{code} : {text}",

  saving: "Vous économisez {amount}.",
  saving_range: "Vous économisez de {low} à {high}.",
  saving_up_to: "Vous économisez jusqu’à {high}.",
  no_saving: "Votre code est valable, mais il ne réduit pas encore cette commande.",
  free_shipping: "La livraison est offerte.",
  gift: "Un cadeau accompagne votre commande.",
  rebate: "Vous serez remboursé en partie après votre achat.",
  valid: "Votre code est valable.",
  removed: "Code retiré.",

  suggestion: "Vouliez-vous dire {code} ?",
  suggestion_digit: "Vouliez-vous dire {code}, avec le chiffre {symbol} ?",
  suggestion_letter: "Vouliez-vous dire {code}, avec la lettre {symbol} ?",
  use: "Utiliser {code}",

  provisional: "Confirmation en cours…",
  provisional_offline: "Vous êtes hors ligne. Nous confirmerons dès votre retour.",
  unchecked: "Certaines conditions seront vérifiées à la commande.",

  offline: "Vous semblez hors ligne. Votre code est conservé et sera vérifié à votre retour.",
  error: "Impossible de vérifier le code pour l’instant. Veuillez réessayer.",
  too_many_requests: "Cela fait beaucoup de codes. Patientez un instant, puis réessayez.",
  try_again: "Vous pourrez réessayer {when}.",

  "malformed/empty": "Saisissez un code.",
  "malformed/too_long": "C’est trop long pour un code : 64 caractères au plus.",
  "malformed/control_character":
    "Un code ne contient ni saut de ligne ni caractère de contrôle.",
  "malformed/check_symbol":
    "Ce code contient une faute de frappe. Comparez-le caractère par " +
    "caractère.",
  malformed: "Ceci ne peut pas être un code. Vérifiez votre saisie.",
  not_valid: "Ce code n’est pas valable. Vérifiez la saisie ou essayez-en un autre.",
  tracking_disabled: "Les codes ne sont pas utilisables pour le moment.",
  unknown_code: "Nous ne connaissons pas ce code. Vérifiez la saisie.",
  not_started: "Ce code n’est pas encore actif.",
  expired: "Ce code a expiré.",
  redemptions_exhausted: "Ce code a atteint son nombre maximal d’utilisations.",
  customer_required: "Connectez-vous pour utiliser ce code.",
  customer_redemptions_exhausted: "Vous avez déjà utilisé ce code.",
  currency_mismatch: "Ce code est réservé aux commandes dans une autre devise.",
  country_not_eligible: "Ce code n’est pas valable pour le pays choisi.",
  first_order_only: "Ce code est réservé à une première commande.",
  segment_not_eligible: "Ce code est réservé à un autre groupe de clients.",
  minimum_purchase: "Votre commande n’atteint pas le minimum requis pour ce code.",
  minimum_quantity: "Votre commande compte trop peu d’articles pour ce code.",
  no_eligible_items: "Aucun article de votre commande ne fait partie de cette offre.",

  already_applied: "Ce code est déjà appliqué.",
  "too_many_codes/one": "Une commande accepte {limit} code. Retirez-le pour en utiliser un autre.",
  "too_many_codes/many":
    "Une commande accepte {limit} codes au plus. Retirez-en un pour en utiliser un " +
    "autre.",
  "too_many_codes/other":
    "Une commande accepte {limit} codes au plus. Retirez-en un pour en utiliser un " +
    "autre.",
};
