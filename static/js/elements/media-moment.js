// <media-moment>: keeps the field beside a player at the moment that is played, until somebody types into it.

/** Return seconds as locators write them: 00:01:12, with thousandths where there are any. */
export function timecode(seconds) {
  const thousandths = Math.round(seconds * 1000);
  const whole = Math.floor(thousandths / 1000);
  const parts = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const rest = thousandths % 1000;
  const fraction = rest ? `.${String(rest).padStart(3, "0")}` : "";
  return parts.map((part) => String(part).padStart(2, "0")).join(":") + fraction;
}

class MediaMoment extends HTMLElement {
  connectedCallback() {
    this.player = this.querySelector("video, audio");
    this.field = this.querySelector("input[name=locator]");
    for (const name of ["timeupdate", "seeked"]) this.player.addEventListener(name, () => this.follow());
  }

  follow() {
    if (document.activeElement !== this.field) this.field.value = timecode(this.player.currentTime);
  }
}

customElements.define("media-moment", MediaMoment);
