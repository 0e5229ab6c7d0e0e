/** Die Verwaltungsseite auf Deutsch. */
import catalog from "./de/catalog.js";
import codes from "./de/codes.js";
import desk from "./de/desk.js";

export default { ...desk, ...codes, ...catalog };
