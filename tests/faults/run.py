"""Break a run at many points and see whether anything is lost: ``python tests/faults/run.py --help``."""

if __name__ != "__mp_main__":  # the readers and writers of a run, which load their program and need nothing of it
    from faults.trials import main

    if __name__ == "__main__":
        main()
