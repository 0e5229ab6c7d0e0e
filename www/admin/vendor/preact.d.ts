// The types of preact.js beside this, which `npm run build -- page` makes.
export * from "../../../tools/preact.mjs";
