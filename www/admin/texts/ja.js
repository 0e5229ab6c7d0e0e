/** 日本語の管理ページ。 */
import catalog from "./ja/catalog.js";
import codes from "./ja/codes.js";
import desk from "./ja/desk.js";

export default { ...desk, ...codes, ...catalog };
