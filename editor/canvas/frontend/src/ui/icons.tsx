/** Icons of 16 units, drawn with one stroke, in the colour of the text beside them. */
const PATHS = {
  undo: "M5.5 3 2.5 6l3 3M2.5 6H10a3.5 3.5 0 0 1 0 7H6.5",
  redo: "m10.5 3 3 3-3 3M13.5 6H6a3.5 3.5 0 0 0 0 7h3.5",
  arrange: "M5.5 1.8h5v3.4h-5zM1.8 10.8h4.4v3.4H1.8zM9.8 10.8h4.4v3.4H9.8zM8 5.2V8M4 10.8V8h8v2.8",
  fit: "M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3",
  plus: "M8 3.5v9M3.5 8h9",
  minus: "M3.5 8h9",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3l3.2 3.2",
  right: "m6.5 4.5 3.5 3.5-3.5 3.5",
  down: "m4.5 6.5 3.5 3.5 3.5-3.5",
  up: "m4.5 9.5 3.5-3.5 3.5 3.5",
  close: "m4.5 4.5 7 7M11.5 4.5l-7 7",
  export: "M8 10V2.5M5 5.2 8 2.2l3 3M3 9.5v3.2c0 .5.3.8.8.8h8.4c.5 0 .8-.3.8-.8V9.5",
  compare: "M2.5 5.5h8M8 3l2.5 2.5L8 8M13.5 10.5h-8M8 8l-2.5 2.5L8 13",
  train: "M5 3.2v9.6l7.5-4.8z",
  warning: "M8 2.5 14 13H2zM8 6.5v3M8 11.2v.1",
  check: "m3.5 8.5 3 3 6-7",
  offline: "M2.5 2.5l11 11M4.5 11.5a2.5 2.5 0 0 1 .3-5M7 4.6a4 4 0 0 1 4.6 3A2.2 2.2 0 0 1 13 11",
  edit: "M10.8 2.6 13.4 5.2 5.6 13H3v-2.6zM9 4.4l2.6 2.6",
  help: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6.4 6.2A1.7 1.7 0 0 1 8 5.2c1 0 1.7.6 1.7 1.5C9.7 7.9 8 7.9 8 9.2M8 11.2v.1",
  history: "M3.2 5.5A5.5 5.5 0 1 1 2.5 8M2.5 2.8v3h3M8 5.2V8l2 1.4",
  people: "M6 7.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6ZM1.8 13c0-2.3 1.9-3.6 4.2-3.6s4.2 1.3 4.2 3.6M10.6 3.1a2.3 2.3 0 0 1 0 4.2M11.8 9.7c1.5.5 2.4 1.6 2.4 3.3",
  share: "M12 5.4a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8ZM4 9.9a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8ZM12 14.4a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8ZM5.7 7.1l4.6-2.6M5.7 8.9l4.6 2.6",
  alignLeft: "M2.5 2v12M5 4h8v2.6H5zM5 9.4h5V12H5z",
  alignCentre: "M8 2v2M8 6.6v2.8M8 12v2M3.5 4h9v2.6h-9zM5.5 9.4h5V12h-5z",
  alignRight: "M13.5 2v12M3 4h8v2.6H3zM6 9.4h5V12H6z",
  alignTop: "M2 2.5h12M4 5v8h2.6V5zM9.4 5v5H12V5z",
  alignMiddle: "M2 8h2M6.6 8h2.8M12 8h2M4 3.5v9h2.6v-9zM9.4 5.5v5H12v-5z",
  alignBottom: "M2 13.5h12M4 3v8h2.6V3zM9.4 6v5H12V6z",
  distributeAcross: "M2.5 2.5v11M13.5 2.5v11M6.5 5h3v6h-3z",
  distributeDown: "M2.5 2.5h11M2.5 13.5h11M5 6.5v3h6v-3z",
  outline: "M2.5 3.5h2M7 3.5h6.5M4.5 8h2M9 8h4.5M4.5 12.5h2M9 12.5h4.5",
  drawerLeft: "M2.5 3h11v10h-11zM6.5 3v10",
  drawerRight: "M2.5 3h11v10h-11zM9.5 3v10",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.4v3.4M8 5.2v.1",
  note: "M3 2.5h10v7.5L9.5 13.5H3zM9.5 13.5V10H13M5.5 5.5h5M5.5 8h3",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
