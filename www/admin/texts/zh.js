/** The admin page in English. */
import catalog from "./zh/catalog.js";
import codes from "./zh/codes.js";
import desk from "./zh/desk.js";

export default { ...desk, ...codes, ...catalog };
