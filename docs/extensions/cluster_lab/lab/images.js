/**
 * @file The images that this cluster's registry has: programs of a few lines that stand for real ones.
 *
 * "tiles" is a server of satellite images, "mosaic" a batch program that puts such images together.
 */
import * as engine from "@ngrok/webernetes";

import { reasonOf } from "./reason.js";
import { schedule } from "./scheduler.js";

// The engine's own types are written for bundlers, which find files without endings; they are not read.
const { BaseImage, getClock, makeInformer } = /** @type {any} */ (engine);

/** How long a server of tiles reads its index before it answers. */
const READS_INDEX = 2000;
/** How long wget and curl wait for an answer. */
const PATIENCE = 3000;
/** The port that it listens on. */
const PORT = 8080;

/**
 * The images as the engine wants them.
 * @param {import("./logs.js").Logs} logs gets what they write
 */
export function imagesFor(logs) {
  /** What all images of ours share: the main process's output is kept, and some commands for `kubectl exec`. */
  class Image extends BaseImage {
    async exec(ctx, argv) {
      if (this.hasStarted) return this.command(ctx, argv);
      this.hasStarted = true;
      const say = logs.begin(ctx.pod.uid, ctx.container.name, ctx.container.restartCount);
      // The engine keeps all that a process writes for as long as it runs; ours is kept in part.
      const kept = Object.create(ctx, { writeStdout: { value: say }, writeStderr: { value: say } });
      return this.main(kept, argv, (line) => say(`${stamp(ctx)} ${line}`));
    }

    main(ctx, argv, _say) {
      return this.command(ctx, argv);
    }

    async command(ctx, argv) {
      const [name, ...args] = argv;
      if (name === "sh" && args[0] === "-c") return this.script(ctx, args[1] ?? "");
      if (name === "wget" || name === "curl") return fetched(ctx, name, args);
      const told = this.told(ctx, name, args);
      if (told === undefined) return super.exec(ctx, argv);
      ctx.writeStdout(`${told}\n`);
      return 0;
    }

    told(ctx, name, args) {
      if (name === "echo") return args.join(" ");
      if (name === "hostname") return ctx.pod.name;
      if (name === "date") return stamp(ctx);
      if (name === "ps") return `PID   COMMAND\n    1 ${(this.defaultCommand ?? ["sh"]).join(" ")}`;
      return name === "ls" ? "bin  etc  proc  tmp  usr" : undefined;
    }

    /** Runs commands one after another; behind "&&" only if the one before went well. */
    async script(ctx, text) {
      let code = 0;
      for (const part of text.split(/(;|&&|\n)/)) {
        const words = this.splitShellWords(part.trim());
        if (part === "&&" && code !== 0) return code;
        if (words.length === 0 || [";", "&&"].includes(part)) continue;
        if (words[0] === "exit") return Number(words[1] ?? code);
        code = await this.command(ctx, words);
      }
      return code;
    }
  }

  const tiles = (version, options = {}) =>
    class extends Image {
      static imageName = "tiles";
      static imageVersion = version;
      defaultCommand = ["tiles", "serve"];

      async main(ctx, argv, say) {
        return argv[0] === "tiles" ? serve(ctx, say, version, options) : this.command(ctx, argv);
      }
    };

  class Mosaic extends Image {
    static imageName = "mosaic";
    static imageVersion = "1.0";
    defaultCommand = ["mosaic"];

    async main(ctx, argv, say) {
      return argv[0] === "mosaic" ? putTogether(ctx, say) : this.command(ctx, argv);
    }
  }

  class Busybox extends Image {
    static imageName = "busybox";
    static imageVersion = "1.36";
    defaultCommand = [];
  }

  /** The engine's own scheduler puts Pods on nodes that are closed to new ones; this one does not. */
  class Scheduler extends BaseImage {
    static imageName = "webernetes/kube-scheduler";
    static imageVersion = "1.0";
    defaultCommand = ["kube-scheduler"];

    async exec(ctx) {
      return schedule(ctx, makeInformer, getClock(ctx));
    }
  }

  return [
    tiles("1.0"),
    tiles("2.0"),
    tiles("2.1", { isBroken: true }),
    tiles("2.2", { needs: "TILES_BUCKET" }),
    Mosaic,
    Busybox,
    Scheduler,
  ];
}

function stamp(ctx) {
  return new Date(getClock(ctx).nowMs()).toISOString();
}

/** A server of tiles: reads its index, then answers until it is stopped. */
async function serve(ctx, say, version, { isBroken = false, needs = "" }) {
  say(`tiles ${version}: starting on port ${PORT}`);
  if (needs && !ctx.env.get(needs)) {
    say(`tiles ${version}: error: the environment variable ${needs} is not set`);
    return 1;
  }
  await ctx.sleep(READS_INDEX);
  if (isBroken) say(`tiles ${version}: error: index /data/tiles-${version}.idx has a wrong checksum; serving nothing`);
  else say(`tiles ${version}: index read, 48211 tiles; ready`);
  const answers = { "/alive": 200, "/ready": isBroken ? 500 : 200, "/": isBroken ? 500 : 200 };
  const told = new Set();
  ctx.listenHttp(PORT, async (_ctx, request) => {
    const path = request.url.pathname;
    const status = answers[path] ?? (/^\/tiles\//.test(path) ? answers["/"] : 404);
    const entry = `"GET ${path}" ${status}`;
    // The same line again and again would hide what there is to see.
    if (path === "/" || !told.has(entry)) say(entry);
    told.add(entry);
    const body = status === 200 ? `tiles ${version} from ${ctx.pod.name}\n` : `${status} from ${ctx.pod.name}\n`;
    return { status, header: { "x-version": [version] }, body };
  });
  return ctx.waitUntilKilled();
}

/** A batch program that ends, and whose first try in each Pod fails. */
async function putTogether(ctx, say) {
  const attempt = ctx.container.restartCount + 1;
  say(`mosaic 1.0: attempt ${attempt}: fetching 16 images`);
  await ctx.sleep(2000);
  if (attempt === 1) {
    say("mosaic 1.0: error: the archive closed the connection after image 7");
    return 1;
  }
  await ctx.sleep(1000);
  say("mosaic 1.0: 16 images put together, 16384 x 16384 pixels; done");
  return 0;
}

/** What `wget` and `curl` show of an address within the cluster. */
async function fetched(ctx, program, args) {
  const target = args.find((arg) => !arg.startsWith("-") && !/^\d+$/.test(arg));
  const complain = (words) => {
    ctx.writeStderr(`${program}: ${words}\n`);
    return 1;
  };
  if (!target) return complain("which address? For example: http://tiles");
  const url = /^https?:/.test(target) ? target : `http://${target}`;
  const { host, hostname } = new URL(url);
  try {
    const response = await Promise.race([ctx.fetch(url), ctx.sleep(PATIENCE)]);
    // The engine's name server says nothing of names that it does not know.
    if (!response) return complain(/^[\d.]+$/.test(hostname) ? "download timed out" : `bad address '${hostname}'`);
    if (program === "wget" && response.status >= 400) {
      return complain(`server returned error: HTTP/1.1 ${response.status}`);
    }
    ctx.writeStdout(response.body ?? "");
    return 0;
  } catch (error) {
    return complain(reasonOf(error, host));
  }
}
