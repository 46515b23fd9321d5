import flow from "@xyflow/react/dist/style.css?inline";
import base from "./base.css?inline";
import canvas from "./canvas.css?inline";
import card from "./card.css?inline";
import dock from "./dock.css?inline";
import hands from "./hands.css?inline";
import help from "./help.css?inline";
import inspector from "./inspector.css?inline";
import narrow from "./narrow.css?inline";
import outline from "./outline.css?inline";
import own from "./own.css?inline";
import palette from "./palette.css?inline";
import tour from "./tour.css?inline";
import term from "./term.css?inline";
import topbar from "./topbar.css?inline";

let sheet: CSSStyleSheet | undefined;

/** All styles as one sheet, adopted by the component's shadow root. */
export function styleSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync([flow, base, topbar, palette, canvas, inspector, dock, outline, own, hands, help, card, term, tour, narrow].join("\n"));
  }
  return sheet;
}
