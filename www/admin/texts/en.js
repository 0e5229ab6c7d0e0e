/** The admin page in English. */
import catalog from "./en/catalog.js";
import codes from "./en/codes.js";
import desk from "./en/desk.js";

export default { ...desk, ...codes, ...catalog };
