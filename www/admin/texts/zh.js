/** 简体中文的管理页面。 */
import catalog from "./zh/catalog.js";
import codes from "./zh/codes.js";
import desk from "./zh/desk.js";

export default { ...desk, ...codes, ...catalog };
