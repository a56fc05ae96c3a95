// What a page asks by itself keeps nobody signed in, unless somebody has touched the page since it last asked.
let touched = false;

for (const kind of ["keydown", "pointerdown", "wheel", "compositionupdate"]) {
  addEventListener(kind, () => { touched = true; }, { capture: true, passive: true });
}

export function byItself() {
  const headers = touched ? {} : { "X-Unattended": "1" };
  touched = false;
  return headers;
}
