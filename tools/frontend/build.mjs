// Compiles styles/uswds.scss and styles/*.css into accord/ui/static/ui/accord.css.
// Fails when USWDS brings a colour that has no token of ours: it would not follow dark mode.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const TOKENS = {
  "#fff": "--card", "#1b1b1b": "--ink", "#3d4551": "--ink", "#000": "--ink",
  "#005ea2": "--act", "#1a4480": "--act-hover", "#162e51": "--act-press", "rgba(0,94,162,.1)": "--act-soft",
  "#54278f": "--visited", "#2491ff": "--focus",
  "#dfe1e2": "--line", "#e6e6e6": "--line", "#c9c9c9": "--line", "rgba(27,27,27,.2)": "--line", "#a9aeb1": "--line",
  "#f0f0f0": "--ground", "#71767a": "--edge", "#565c65": "--edge",
  "#757575": "--mute", "#454545": "--mute", "#919191": "--mute", "#775540": "--mute",
  "#00bde3": "--act", "#e7f6f8": "--act-soft", "#97d4ea": "--act-soft", "#c3ebfa": "--act-soft", "#e1f3f8": "--act-soft",
  "#28a0cb": "--act", "#07648d": "--act-hover",
  "#00a91c": "--ok", "#ecf3ec": "--ok-soft",
  "#ffbe2e": "--warn", "#faf3d1": "--warn-soft", "#fa9441": "--warn", "#c05600": "--warn", "#9c3d10": "--warn",
  "#b50909": "--bad", "#8b0a03": "--bad", "#d54309": "--bad", "#d83933": "--bad", "#f4e3db": "--bad-soft",
};
const COLOUR = /#[0-9a-f]{3,8}\b|rgba\((?!0,0,0,0\))[^)]*\)/gi;

function uswds() {
  const { css } = sass.compile(here("styles/uswds.scss"), {
    style: "compressed", loadPaths: [here("node_modules/@uswds/uswds/packages")], quietDeps: true, logger: sass.Logger.silent,
  });
  // Fonts are declared once, in base.css: USWDS would bring four families.
  return css.replace(/@font-face\{[^}]*\}/g, "").replace(COLOUR, (colour) => {
    const token = TOKENS[colour.toLowerCase().replaceAll(" ", "")];
    if (!token) throw new Error(`USWDS colour without a token: ${colour}`);
    return `var(${token})`;
  });
}

function own(name) {
  const source = readFileSync(here(`styles/${name}.css`), "utf8");
  return sass.compileString(source, { style: "compressed", syntax: "css" }).css;
}

const css = [own("tokens"), uswds(), ...["base", "frame", "components", "print"].map(own)].join("\n");
writeFileSync(here("../../accord/ui/static/ui/accord.css"), css.replace(/^\uFEFF/gm, "") + "\n");
