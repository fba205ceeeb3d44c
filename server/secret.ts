/**
 * The server's one secret and the keys derived from it. Called by main.ts and the command line; the keys are used by
 * sessions, survey links and everything else that must be unguessable.
 */
import { hkdfSync, randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "./config.ts";

export interface Secret {
	/** 32 bytes for one purpose; always the same for the same secret and purpose, and no clue to any other. */
	derive(purpose: string): Buffer;
}

/** The file of the data folder that keeps a generated secret. */
const FILE = "secret.key";

/**
 * The secret of FIDELIS_SECRET, else the one kept in the data folder, generated at the first start (32 random bytes,
 * readable by this user alone). Rejects when the file is there but damaged: another key would void every survey link.
 */
export async function loadSecret(
	config: Pick<Config, "secret" | "dataFolder">,
): Promise<Secret> {
	if (config.secret !== undefined)
		return secretOf(Buffer.from(config.secret, "utf8"));
	const path = join(config.dataFolder, FILE);
	const kept = await readSecret(path);
	if (kept !== null) return secretOf(kept);

	await mkdir(config.dataFolder, { recursive: true, mode: 0o700 });
	const generated = `${randomBytes(32).toString("hex")}\n`;
	const aside = `${path}.${process.pid}-${randomBytes(4).toString("hex")}`;
	const file = await open(aside, "wx", 0o600);
	try {
		await file.writeFile(generated);
		await file.sync();
	} finally {
		await file.close();
	}
	try {
		// A link is refused when the name exists: of two processes that start at once, one key wins and both use it.
		await link(aside, path);
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "EEXIST"))
			throw error;
	} finally {
		await rm(aside, { force: true });
	}
	const written = await readSecret(path);
	if (written === null) throw new Error(`${path} could not be written`);
	return secretOf(written);
}

/** Sub-keys by HKDF-SHA-256 (RFC 5869) with the purpose as its info. */
export function secretOf(key: Buffer): Secret {
	return {
		derive: (purpose) =>
			Buffer.from(hkdfSync("sha256", key, "fidelis", purpose, 32)),
	};
}

async function readSecret(path: string): Promise<Buffer | null> {
	let text: string;
	try {
		text = (await readFile(path, "utf8")).trim();
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT")
			return null;
		throw error;
	}
	if (!/^[0-9a-f]{64}$/.test(text)) {
		throw new Error(
			`${path} is damaged: it must hold 64 hexadecimal characters. Restore it from a backup; without it, survey links that were sent out stop working.`,
		);
	}
	return Buffer.from(text, "hex");
}
