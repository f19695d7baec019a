// Signing on a touch screen. Draws on a canvas and puts the drawing into a hidden input; without this file, one can
// type.
(() => {
  document.querySelectorAll("[data-signature]").forEach((box) => {
    const pad = box.querySelector("canvas");
    const kept = box.querySelector("input[type=hidden]");
    const clear = box.querySelector("[data-clear]");
    const pen = pad.getContext("2d");
    let drawing = false;
    pad.hidden = false;
    clear.hidden = false;
    Object.assign(pen, { lineWidth: 4, lineCap: "round", lineJoin: "round", strokeStyle: "#17262b" });
    if (kept.value) {
      const before = new Image();
      before.addEventListener("load", () => pen.drawImage(before, 0, 0));
      before.src = kept.value;
    }
    const at = (event) => {
      const frame = pad.getBoundingClientRect();
      return [(event.clientX - frame.left) * (pad.width / frame.width), (event.clientY - frame.top) * (pad.height / frame.height)];
    };
    pad.addEventListener("pointerdown", (event) => {
      drawing = true;
      pad.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo(...at(event));
      pen.lineTo(...at(event));
      pen.stroke();
    });
    pad.addEventListener("pointermove", (event) => {
      if (!drawing) return;
      pen.lineTo(...at(event));
      pen.stroke();
    });
    const lift = () => {
      if (drawing) kept.value = pad.toDataURL("image/png");
      drawing = false;
    };
    pad.addEventListener("pointerup", lift);
    pad.addEventListener("pointercancel", lift);
    clear.addEventListener("click", () => {
      pen.clearRect(0, 0, pad.width, pad.height);
      kept.value = "";
    });
  });
})();
