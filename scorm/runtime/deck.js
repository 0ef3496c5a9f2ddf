/** @file Runs on every tracked deck (reveal.js). */

import { launch } from "./launch.js";
import { readPage } from "./view/facts.js";
import { returnLink } from "./view/links.js";
import { addNote } from "./view/note.js";
import { unseal } from "./view/seal.js";
import { placeOf, slideAt, slideKeys } from "./state/slides.js";

/** A deck is often projected, so the note fades out after this long (milliseconds). */
const NOTE = 8000;

const page = readPage(document);
const reveal = globalThis.Reveal;
if (page && reveal) {
  document.querySelectorAll(".scorm-question-answer[data-sealed]").forEach(showAnswer);
  if (!reveal.isReady()) await new Promise((resolve) => reveal.on("ready", resolve));
  await run(page);
}

/** @param {import("./work/page.js").Page} page */
async function run(page) {
  reveal.layout();
  // The speaker's window of reveal.js loads the deck twice more, as `receiver`. Only the deck
  // itself records the student's work.
  if (new URLSearchParams(window.location.search).has("receiver")) return;
  const { returnUrl, work, start } = await launch(page, [], window);
  work.visit.onChange(noteInCorner((isWanted) => work.visit.decideEarlier(isWanted)));
  start();
  const slides = reveal.getSlides();
  const keys = slideKeys(namesOf(slides));
  comeBackTo(slides[slideAt(work.returnTo, keys)]);
  const arrive = () => {
    const key = keys[slides.indexOf(reveal.getCurrentSlide())];
    if (key === undefined) return;
    work.moved(placeOf(key));
    work.saw(key, keys);
  };
  reveal.on("slidechanged", arrive);
  arrive();
  if (returnUrl) document.body.append(returnLink(document, returnUrl));
}

/** What the author calls each slide; one without id or heading repeats the name before it. */
function namesOf(slides) {
  let name = "";
  return slides.map((slide) => {
    const heading = slide.querySelector("h1, h2, h3, h4, h5, h6")?.textContent.trim();
    name = slide.id || heading || name;
    return name;
  });
}

function comeBackTo(slide) {
  if (!slide || window.location.hash.length > 2) return;
  const { h, v } = reveal.getIndices(slide);
  reveal.slide(h, v);
}

/** A small note that clicks pass through. It stays while a save fails or it asks something. */
function noteInCorner(decide) {
  const corner = document.createElement("aside");
  corner.setAttribute("aria-label", "Recording of your work");
  corner.className = "scorm-corner";
  document.body.append(corner);
  const update = addNote(corner, decide);
  setTimeout(() => corner.classList.add("scorm-corner-quiet"), NOTE);
  return update;
}

function showAnswer(place) {
  try {
    writeAnswer(place, unseal(place.dataset.question, place.dataset.sealed));
  } catch {
    place.textContent = "This answer cannot be shown; please tell your instructor.";
  }
}

/**
 * Writes the right choices, with their letters, and the explanation.
 *
 * @param {HTMLElement} place
 * @param {import("./view/seal.js").Answers} answers
 */
function writeAnswer(place, { choices, explanation, unit }) {
  const label = CSS.escape(place.dataset.question ?? "");
  const question = document.querySelector(`.scorm-question[data-question="${label}"]`);
  const hasLetters = question?.querySelector(".scorm-question-choices");
  const right = choices.flatMap(({ id, correct, value }) => {
    if (!correct) return [];
    if (hasLetters) return [`${id.toUpperCase()}. ${value}`];
    return [unit ? `${value} ${unit}` : value];
  });
  const answer = document.createElement("p");
  const word = document.createElement("strong");
  word.textContent = right.length > 1 && hasLetters ? "Answers: " : "Answer: ";
  answer.append(word, right.join(hasLetters ? "; " : " or "));
  const why = document.createElement("div");
  why.className = "scorm-explanation";
  why.innerHTML = explanation;
  place.replaceChildren(answer, why);
}
