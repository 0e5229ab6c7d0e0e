/** La page d’administration en français. */
import catalog from "./fr/catalog.js";
import codes from "./fr/codes.js";
import desk from "./fr/desk.js";

export default { ...desk, ...codes, ...catalog };
