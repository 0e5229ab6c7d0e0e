// The types of preact.js beside this, which `npm run build -- admin` makes.
export * from "../../../tools/preact.mjs";
