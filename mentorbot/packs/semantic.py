"""Static word embeddings from a model on disk, to re-rank what the search has found: the optional part `mentorbot[semantic]`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mentorbot.errors import BadSettings

if TYPE_CHECKING:
    import numpy as np
    from model2vec import StaticModel

_SETTING = "MENTORBOT_SEMANTIC_MODEL"


class Embeddings:
    """A model2vec model. It's read from its folder; nothing is ever downloaded."""

    def __init__(self, model: StaticModel) -> None:
        self._model = model

    @classmethod
    def load(cls, folder: Path) -> Embeddings:
        """Load the model in a folder, as `StaticModel.save_pretrained` writes it.

        Raises:
            BadSettings: there's no model, or model2vec isn't installed; the message says what to do.
        """
        if not (folder / "model.safetensors").is_file():
            raise BadSettings(f"{_SETTING}: there is no model in {folder}. It needs a folder with a model2vec model.")
        try:
            from model2vec import StaticModel
        except ImportError as error:
            raise BadSettings(f"{_SETTING} needs one more package: pip install 'mentorbot[semantic]'.") from error
        try:
            return cls(StaticModel.from_pretrained(folder, normalize=True, force_download=False))
        except (OSError, ValueError, KeyError) as error:
            raise BadSettings(f"{_SETTING}: the model in {folder} can't be read: {error}") from error

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """Embed texts: one row of length 1 for each, or zeros for a text of unknown words."""
        return self._model.encode(list(texts), use_multiprocessing=False)
